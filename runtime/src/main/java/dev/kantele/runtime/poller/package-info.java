/**
 * The poll loop: start at {@link dev.kantele.runtime.poller.PollerLoop}. One thread waits in the
 * kernel for readiness, due timers and tasks from other threads, and runs what they are for. That
 * thread owns everything here but for what says that any thread may call it.
 */
@NullMarked
package dev.kantele.runtime.poller;

import org.jspecify.annotations.NullMarked;
