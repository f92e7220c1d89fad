/**
 * Poll loops as Pekko dispatchers: start at {@link
 * dev.kantele.runtime.poller.dispatcher.PollerLoops}. Whatever actor or stream is on such a
 * dispatcher runs on its loop's thread, beside the loop's sources, without a hop. Thread-safe.
 */
@NullMarked
package dev.kantele.runtime.poller.dispatcher;

import org.jspecify.annotations.NullMarked;
