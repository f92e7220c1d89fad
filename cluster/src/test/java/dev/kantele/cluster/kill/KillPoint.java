package dev.kantele.cluster.kill;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Locale;

/**
 * A point in the life of a session's data at which its node's process ends: before or after the
 * journal has made something of it durable.
 *
 * @param write what is written
 * @param type the type of a row that must be among those of a write of rows; empty: any
 * @param when before the write begins, or after it was committed and before anybody was told
 * @param session whose data
 */
record KillPoint(Write write, String type, When when, String session) {
  enum Write {
    ROWS,
    SNAPSHOT,
    DELETION
  }

  enum When {
    BEFORE,
    AFTER
  }

  /** What an agent's argument says. */
  static KillPoint parse(String argument) {
    String[] parts = argument.split("/", -1);
    return new KillPoint(Write.valueOf(parts[0]), parts[1], When.valueOf(parts[2]), parts[3]);
  }

  String argument() {
    return String.join("/", write.name(), type, when.name(), session);
  }

  /** Whether a row of {@code persistenceId} is the one. */
  boolean isAt(String persistenceId, byte[] row) {
    // The type stands in the row's CBOR as text; with what precedes it, it can't be a longer one's
    // end.
    return isOf(persistenceId)
        && (type.isEmpty()
            || new String(row, US_ASCII).contains((char) (0x60 + type.length()) + type));
  }

  boolean isOf(String persistenceId) {
    return persistenceId.endsWith(session);
  }

  @Override
  public String toString() {
    return when.name().toLowerCase(Locale.ROOT)
        + " the "
        + (write == Write.ROWS ? "row " + type : write.name().toLowerCase(Locale.ROOT));
  }
}
