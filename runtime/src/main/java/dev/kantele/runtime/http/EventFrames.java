package dev.kantele.runtime.http;

import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.Delivery;
import org.apache.pekko.util.ByteString;

/** Events as the lines of an event stream (WHATWG HTML, section 9.2.5). */
final class EventFrames {
  /** A comment, which clients ignore. */
  static final ByteString HEARTBEAT = ByteString.fromString(":\n\n");

  private static final ByteString DATA = ByteString.fromString("data: ");
  private static final ByteString END = ByteString.fromString("\n\n");

  /** An event under its id; it is one line, for JSON text has no raw line breaks. */
  static ByteString of(WireCodec codec, Cursor log, Delivery delivery) {
    ByteString frame = unnumbered(codec.frame(delivery.covers(), delivery.entry().encoded(codec)));
    return isPart(delivery)
        ? frame
        : ByteString.fromString("id: " + EventId.text(log.log(), delivery.covers().to()) + "\n")
            .concat(frame);
  }

  /* Who has some pages of a snapshot only is where it was before the first. */
  private static boolean isPart(Delivery delivery) {
    return delivery.entry().body() instanceof EventBody.SessionSnapshot snapshot
        && snapshot.page() < snapshot.pages();
  }

  /** An event without an id, which moves no cursor. */
  static ByteString unnumbered(byte[] event) {
    return DATA.concat(ByteString.fromArrayUnsafe(event)).concat(END);
  }

  private EventFrames() {}
}
