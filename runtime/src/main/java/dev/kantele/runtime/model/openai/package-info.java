/**
 * The provider {@code openai}: OpenAI's chat completions, and the servers that speak the same.
 * Start at {@link dev.kantele.runtime.model.openai.OpenAiProvider}; what is sent is in {@code
 * ChatRequest}, what comes back in {@code ChatReader}. The wire is described at <a
 * href="https://platform.openai.com/docs/api-reference/chat">platform.openai.com</a>.
 */
@NullMarked
package dev.kantele.runtime.model.openai;

import org.jspecify.annotations.NullMarked;
