package dev.kantele.runtime.journal;

import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody.TurnQueued;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.log.JournalRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Rows to be written. */
final class Rows {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

  /** A prompt of one text. */
  static JournalRecord row(long seq, String text) {
    return of(
        seq,
        new JournalRecord.Visible(
            new TurnQueued(
                new TurnId("t-" + seq),
                List.of(new Part.Text(text)),
                PromptPolicy.ENQUEUE,
                new ClientId("c"),
                Optional.empty())));
  }

  static JournalRecord row(long seq) {
    return row(seq, "text " + seq);
  }

  static List<JournalRecord> rows(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(Rows::row).toList();
  }

  static JournalRecord erased(long seq) {
    return of(seq, new JournalRecord.Erased());
  }

  private static JournalRecord of(long seq, JournalRecord.Content content) {
    return new JournalRecord(
        Covers.of(seq), seq + JournalRecord.RESERVATION, AT, content, Optional.empty());
  }

  private Rows() {}
}
