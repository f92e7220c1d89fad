/**
 * A server that speaks OpenAI's chat completions from a script, with faults: start at {@link
 * dev.kantele.testkit.openai.FakeOpenAi}. A virtual thread for each connection; in real time, since
 * it has real sockets.
 */
@NullMarked
package dev.kantele.testkit.openai;

import org.jspecify.annotations.NullMarked;
