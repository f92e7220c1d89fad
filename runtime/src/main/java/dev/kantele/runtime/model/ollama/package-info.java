/**
 * The provider {@code ollama}: Ollama's own wire, which loads, thinks and counts as chat
 * completions can't say. Start at {@link dev.kantele.runtime.model.ollama.OllamaProvider}. The wire
 * is described at <a href="https://docs.ollama.com/api/chat">docs.ollama.com</a>.
 */
@NullMarked
package dev.kantele.runtime.model.ollama;

import org.jspecify.annotations.NullMarked;
