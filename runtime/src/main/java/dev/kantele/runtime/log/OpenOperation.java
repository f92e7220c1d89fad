package dev.kantele.runtime.log;

import dev.kantele.protocol.EventBody;
import java.util.List;

/**
 * A model stream or tool call that runs: what it has said, so that any stretch of it can be said
 * again, merged.
 */
sealed interface OpenOperation permits OpenStreamText, OpenToolOutput {
  /** Takes in live event {@code seq}. */
  void append(long seq, EventBody.Live event);

  /** The number of the first live event, or 0 if there was none. */
  long firstLive();

  /** What was said after {@code after} up to and with {@code to}: at most one event a part. */
  List<EventBody.Live> merged(long after, long to);

  /** How many characters {@link #merged} would hold. */
  long mergedLength(long after, long to);
}
