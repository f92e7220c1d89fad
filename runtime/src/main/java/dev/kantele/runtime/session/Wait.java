package dev.kantele.runtime.session;

import java.time.Instant;
import java.util.Optional;

/**
 * What a tool call waits for before it may go on: somebody's decision.
 *
 * @param expiresAt when the wait is over without one; absent if never
 */
public record Wait(Optional<Instant> expiresAt) {}
