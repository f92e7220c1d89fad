package dev.kantele.protocol.client;

import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.SnapshotState;
import java.util.List;
import java.util.Optional;

/** Snapshots of a session. */
final class Snapshots {
  /** A page of a session that is idle. */
  static EventBody.SessionSnapshot page(int page, int pages) {
    return page(page, pages, Optional.empty());
  }

  static EventBody.SessionSnapshot page(
      int page, int pages, Optional<SnapshotState.OpenTurn> turn) {
    return new EventBody.SessionSnapshot(
        page,
        pages,
        new SnapshotState(Peer.LOG, "a", Optional.empty(), false, List.of(), List.of(), turn));
  }

  private Snapshots() {}
}
