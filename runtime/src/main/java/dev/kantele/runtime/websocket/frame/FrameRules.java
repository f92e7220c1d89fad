package dev.kantele.runtime.websocket.frame;

import static java.util.Objects.requireNonNull;

/**
 * What a {@link FrameDecoder} takes, and how it hands it over.
 *
 * @param role this side's: a server takes masked frames only, a client none that is masked
 * @param binary whether binary messages are taken; else they violate 1003
 * @param whole whether messages are put together; else each piece is handed over as it comes, as a
 *     frame of its own, and a message costs no memory beyond what comes at once
 */
public record FrameRules(Role role, FrameLimits limits, boolean binary, boolean whole) {
  public FrameRules {
    requireNonNull(role, "role");
    requireNonNull(limits, "limits");
  }

  /** Whole messages of either kind. */
  public static FrameRules of(Role role, FrameLimits limits) {
    return new FrameRules(role, limits, /* binary= */ true, /* whole= */ true);
  }

  /** The same without binary messages. */
  public FrameRules textOnly() {
    return new FrameRules(role, limits, /* binary= */ false, whole);
  }

  /** The same in pieces. */
  public FrameRules inPieces() {
    return new FrameRules(role, limits, binary, /* whole= */ false);
  }
}
