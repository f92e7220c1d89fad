package dev.kantele.runtime.model.http;

import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/**
 * Finds the events in the pieces of an answer, however it is cut. One that the end cuts off is
 * none. Not thread-safe.
 */
interface FrameParser {
  /**
   * Takes in the next piece and gives the events that are whole by it to {@code events}, in order.
   *
   * @return whether the stream goes on; not if something in it is too large, after which nothing is
   *     read any more
   */
  boolean accept(ByteString piece, Consumer<? super ServerSentEvent> events);
}
