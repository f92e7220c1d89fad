package dev.kantele.runtime.transport;

import dev.kantele.runtime.poller.PollerLoop;
import java.lang.foreign.MemorySegment;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.jspecify.annotations.Nullable;

/**
 * A loop and what its sockets share. Belongs to the loop's thread, but for {@link #loop} and {@link
 * #attributes}.
 */
final class Home {
  /** What is read at once, and what is gathered to be written at once. */
  static final int BUFFER_BYTES = 128 * 1024;

  private final PollerLoop loop;
  private final Attributes attributes;
  private byte[] read = new byte[BUFFER_BYTES];
  private MemorySegment readSegment = MemorySegment.ofArray(read);

  /**
   * Who has what was read last; it is another one's only until a stream gives way in the middle.
   */
  private @Nullable Loan loan;

  private final MemorySegment gathered = MemorySegment.ofArray(new byte[BUFFER_BYTES]);

  /**
   * A home.
   *
   * @param dispatcher the dispatcher that runs on the loop
   */
  Home(PollerLoop loop, String dispatcher) {
    this.loop = loop;
    this.attributes = ActorAttributes.dispatcher(dispatcher);
  }

  PollerLoop loop() {
    return loop;
  }

  /** What lets a stream run on the loop. */
  Attributes attributes() {
    return attributes;
  }

  /** What the last read has filled. */
  byte[] read() {
    return read;
  }

  /** Lends the first {@code count} bytes of what was read. */
  void lend(Loan to, int count) {
    to.lend(read, count);
    loan = to;
  }

  /** Where to read to: nobody else has it. */
  MemorySegment readSegment() {
    if (loan != null) {
      if (loan.isOpen()) {
        read = new byte[BUFFER_BYTES];
        readSegment = MemorySegment.ofArray(read);
      }
      loan = null;
    }
    return readSegment;
  }

  /** Where small pieces are gathered to be written. */
  MemorySegment gathered() {
    return gathered;
  }
}
