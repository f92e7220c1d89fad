/**
 * What providers share that call a model over HTTP and are answered by server-sent events or by
 * lines of JSON: start at {@link dev.kantele.runtime.model.http.ModelHttpClient}. Each call is a
 * stream of its own, and runs where it is materialised.
 */
@NullMarked
package dev.kantele.runtime.model.http;

import org.jspecify.annotations.NullMarked;
