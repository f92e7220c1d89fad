package dev.kantele.cluster.client;

import dev.kantele.cluster.access.AccessException;
import dev.kantele.protocol.client.ClientException;
import dev.kantele.protocol.client.CommandRefusedException;
import dev.kantele.protocol.client.ConnectionEndedException;
import dev.kantele.protocol.client.EventsLostException;
import org.jspecify.annotations.Nullable;

/** What went wrong in the client, as the command line knows it. */
final class Failures {
  /** What kept the client from being made. */
  static AccessException asAccess(ClientException failure, String url) {
    return failure instanceof ConnectionEndedException ended
            && ended.reason() == ConnectionEndedException.Reason.UNREACHABLE
        ? AccessException.unreachable("no node answers at " + url)
        : asAccess(failure);
  }

  static AccessException asAccess(@Nullable Throwable failure) {
    return switch (failure) {
      case CommandRefusedException refused -> AccessException.refused(refused.error());
      case ConnectionEndedException ended -> asAccess(ended);
      case EventsLostException lost -> AccessException.detached(String.valueOf(lost.getMessage()));
      case null, default -> throw new IllegalStateException("the client failed", failure);
    };
  }

  private static AccessException asAccess(ConnectionEndedException ended) {
    String sentence = String.valueOf(ended.getMessage());
    return switch (ended.reason()) {
      case UNREACHABLE -> AccessException.unreachable(sentence);
      case GIVEN_UP -> AccessException.lost(sentence);
      case CLOSED_BY_NODE, BROKEN, CLOSED_HERE -> AccessException.broken(sentence);
    };
  }

  static AccessException interrupted() {
    return AccessException.lost("this process is ending");
  }

  private Failures() {}
}
