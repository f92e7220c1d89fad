package dev.kantele.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.StreamCompleted;
import dev.kantele.protocol.EventBody.StreamStarted;
import dev.kantele.protocol.EventBody.TextDelta;
import dev.kantele.protocol.EventBody.ToolCompleted;
import dev.kantele.protocol.EventBody.ToolOutput;
import dev.kantele.protocol.EventBody.ToolStarted;
import dev.kantele.protocol.EventBody.TurnQueued;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.log.JournalRecord.Visible;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A log, and the journal behind it. */
final class TestLog {
  static final SessionId SESSION = new SessionId("session");
  static final TurnId TURN = new TurnId("turn");
  static final StreamId STREAM = new StreamId("stream");
  static final InvocationId CALL = new InvocationId("call");
  static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  final SessionLog log;
  final List<JournalRecord> journal = new ArrayList<>();
  RowIndex index = RowIndex.EMPTY;
  long horizon = 1;

  TestLog(long windowBytes) {
    this.log = new SessionLog(SESSION, windowBytes);
  }

  static TurnQueued queued(String turn) {
    return new TurnQueued(
        new TurnId(turn),
        List.of(new Part.Text(turn)),
        PromptPolicy.ENQUEUE,
        new ClientId("client"),
        Optional.empty());
  }

  static StreamStarted started() {
    return new StreamStarted(TURN, STREAM, "test/one", 1, Optional.empty());
  }

  static TextDelta text(String piece) {
    return text(0, piece);
  }

  static TextDelta text(int part, String piece) {
    return new TextDelta(TURN, STREAM, part, piece);
  }

  static StreamCompleted completed() {
    return new StreamCompleted(
        TURN, STREAM, Message.of(Role.ASSISTANT, List.of()), Usage.NONE, FinishReason.END);
  }

  static ToolStarted toolStarted(int attempt) {
    return new ToolStarted(TURN, CALL, new EffectId("effect"), attempt);
  }

  static ToolOutput output(String chunk) {
    return new ToolOutput(TURN, CALL, Optional.of(chunk), Optional.empty());
  }

  static ToolCompleted toolCompleted() {
    return new ToolCompleted(TURN, CALL, TextNode.valueOf("done"));
  }

  TestLog with(EventBody... bodies) {
    for (EventBody body : bodies) {
      switch (body) {
        case EventBody.Durable durable -> durable(durable);
        case EventBody.Live live -> log.live(live, AT);
        case EventBody.Synthetic _, EventBody.Unknown _ -> throw new AssertionError(body);
      }
    }
    return this;
  }

  private void durable(EventBody.Durable body) {
    long seq = log.lastSeq() + 1;
    commit(
        new JournalRecord(
            Covers.of(seq),
            seq + JournalRecord.RESERVATION,
            AT,
            new Visible(body),
            Optional.empty()));
  }

  void commit(JournalRecord row) {
    journal.add(row);
    index = index.append(row.seq());
    log.committed(List.of(row));
  }

  /** What a pull of {@code after} gives, without what the journal is needed for. */
  Pulled pull(long after, int maxEvents, long maxBytes) {
    return log.pull(after, horizon, index, maxEvents, maxBytes);
  }

  /** What a subscriber at {@code after} gets next; empty when it has all. */
  List<Delivery> deliveries(long after, int maxEvents, long maxBytes) {
    Pulled pulled = pull(after, maxEvents, maxBytes);
    if (pulled instanceof Pulled.ReadJournal(var fromRow, var throughSeq)) {
      pulled = log.compose(after, horizon, read(fromRow, throughSeq), maxEvents, maxBytes);
    }
    assertThat(pulled).isInstanceOfAny(Pulled.Deliveries.class, Pulled.Nothing.class);
    return pulled instanceof Pulled.Deliveries(var deliveries) ? deliveries : List.of();
  }

  private List<JournalRecord> read(long fromRow, long throughSeq) {
    return journal.stream().skip(fromRow - 1).filter(row -> row.seq() <= throughSeq).toList();
  }
}
