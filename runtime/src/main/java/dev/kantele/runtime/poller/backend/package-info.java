/**
 * How a loop waits in the kernel: {@link dev.kantele.runtime.poller.backend.Poller} is what a back
 * end does, and {@link dev.kantele.runtime.poller.backend.Syscalls} is the one way to the system.
 * Everything belongs to the loop's thread, but for {@code wakeup}.
 */
@NullMarked
package dev.kantele.runtime.poller.backend;

import org.jspecify.annotations.NullMarked;
