package dev.kantele.runtime.websocket;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Whose turn it is to send, so that those who have something to send get the same number of bytes:
 * deficit round robin (M. Shreedhar, G. Varghese, "Efficient Fair Queuing Using Deficit Round
 * Robin", 1995). A piece that is larger than the others waits until its turns add up to it.
 *
 * @param <T> who sends
 */
final class FairShare<T> {
  private final int quantumBytes;
  private final ToIntFunction<T> nextBytes;
  private final ArrayDeque<Turn<T>> ring = new ArrayDeque<>();

  /**
   * Shares by turns.
   *
   * @param quantumBytes what one turn adds to the bytes that a sender may send
   * @param nextBytes the size of a sender's next piece
   */
  FairShare(int quantumBytes, ToIntFunction<T> nextBytes) {
    this.quantumBytes = quantumBytes;
    this.nextBytes = nextBytes;
  }

  /** Lets {@code sender}, which is not here and has a piece to send, take part. */
  void add(T sender) {
    ring.addLast(new Turn<>(sender));
  }

  /** Ends the part of {@code sender}: it has nothing more to send. */
  void remove(T sender) {
    ring.removeIf(turn -> turn.sender.equals(sender));
  }

  /** Says whose next piece goes now; it counts as sent. */
  Optional<T> next() {
    while (!ring.isEmpty()) {
      Turn<T> turn = ring.getFirst();
      int bytes = nextBytes.applyAsInt(turn.sender);
      if (bytes <= turn.deficitBytes) {
        turn.deficitBytes -= bytes;
        return Optional.of(turn.sender);
      }
      turn.deficitBytes += quantumBytes;
      ring.addLast(ring.removeFirst());
    }
    return Optional.empty();
  }

  private static final class Turn<T> {
    final T sender;
    long deficitBytes;

    Turn(T sender) {
      this.sender = sender;
    }
  }
}
