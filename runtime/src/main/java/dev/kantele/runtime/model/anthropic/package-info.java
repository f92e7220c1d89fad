/**
 * The provider {@code anthropic}: Anthropic's Messages API. Start at {@link
 * dev.kantele.runtime.model.anthropic.AnthropicProvider}; what is sent is in {@code
 * MessagesRequest}, what comes back in {@code MessagesReader}. The wire is described at <a
 * href="https://platform.claude.com/docs/en/api/messages">platform.claude.com</a>.
 */
@NullMarked
package dev.kantele.runtime.model.anthropic;

import org.jspecify.annotations.NullMarked;
