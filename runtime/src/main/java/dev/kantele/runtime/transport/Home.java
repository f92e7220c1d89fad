package dev.kantele.runtime.transport;

import dev.kantele.runtime.poller.PollerLoop;
import java.lang.foreign.MemorySegment;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;

/**
 * A loop and what its sockets share. Belongs to the loop's thread, but for {@link #loop} and {@link
 * #attributes}.
 */
final class Home {
  /** What is read at once, and what is gathered to be written at once. */
  static final int BUFFER_BYTES = 128 * 1024;

  private final PollerLoop loop;
  private final Attributes attributes;
  private final byte[] read = new byte[BUFFER_BYTES];
  private final MemorySegment readSegment = MemorySegment.ofArray(read);
  private final byte[] gathered = new byte[BUFFER_BYTES];
  private final MemorySegment gatheredSegment = MemorySegment.ofArray(gathered);

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

  byte[] read() {
    return read;
  }

  MemorySegment readSegment() {
    return readSegment;
  }

  byte[] gathered() {
    return gathered;
  }

  MemorySegment gatheredSegment() {
    return gatheredSegment;
  }
}
