package dev.kantele.runtime.session;

import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.ReasoningDelta;
import dev.kantele.protocol.EventBody.TextDelta;
import dev.kantele.protocol.EventBody.ToolCallDelta;
import dev.kantele.protocol.EventBody.ToolOutput;
import dev.kantele.protocol.EventBody.Warning;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.SessionLog;
import dev.kantele.runtime.model.ModelEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What running operations say, as live events. Neighbouring pieces of one part become one event.
 */
final class LiveEvents {
  /** The longest text of one stream, in characters. */
  static final long MAX_STREAM_CHARACTERS = 64L << 20;

  /**
   * The longest output of one tool call, in characters, be it of this node or of a client; what is
   * beyond is dropped with a warning while it runs, and at its end as {@link ToolCalls} says.
   */
  static final long MAX_OUTPUT_CHARACTERS = 4L << 20;

  /* Ends a cut output, and takes it beyond the limit, so that it is cut once. */
  private static final String CUT = " […]";

  private static final int LOW_ROOM = JournalRecord.RESERVATION / 4;

  private final SessionLog log;
  private final AgentLoop loop;

  LiveEvents(SessionLog log, AgentLoop loop) {
    this.log = log;
    this.loop = loop;
  }

  void modelSaid(Draft draft, Input.ModelSaid said) {
    OpenTurn turn = draft.state().turn().orElse(null);
    if (turn == null || turn.ending().isPresent() || !isOpen(turn, said.stream())) {
      return;
    }
    List<EventBody.Live> events = events(turn.request().turn(), said);
    long length = log.lengthOf(said.stream().value()) + length(said.events());
    if (length > MAX_STREAM_CHARACTERS) {
      draft.effect(new Effect.Abandon(said.stream().value()));
      loop.streamEnded(
          draft,
          said.stream(),
          new Input.StreamOutcome.Broke(
              new Failure(
                  "limit_exceeded",
                  "the stream said "
                      + length
                      + " characters (expected: at most "
                      + MAX_STREAM_CHARACTERS
                      + ")",
                  /* retryable= */ false)));
      return;
    }
    events.forEach(draft::live);
    reserve(draft, events.size());
  }

  void toolSaid(Draft draft, Input.ToolSaid said) {
    OpenTurn turn = draft.state().turn().orElse(null);
    if (turn == null || turn.ending().isPresent()) {
      return;
    }
    OpenCall call = turn.call(said.invocation()).orElse(null);
    if (call == null || !call.isRunning() || call.attempt() != said.attempt()) {
      return;
    }
    long before = log.lengthOf(said.invocation().value());
    long length = before + said.chunk().map(String::length).orElse(0);
    if (length <= MAX_OUTPUT_CHARACTERS) {
      draft.live(
          new ToolOutput(turn.request().turn(), said.invocation(), said.chunk(), said.progress()));
    } else if (before <= MAX_OUTPUT_CHARACTERS) {
      draft.live(fill(turn.request().turn(), said, MAX_OUTPUT_CHARACTERS - before));
      draft.live(
          new Warning(
              Optional.of(turn.request().turn()),
              "output_truncated",
              "tool call "
                  + said.invocation()
                  + " said more than "
                  + MAX_OUTPUT_CHARACTERS
                  + " characters; the rest is not shown"));
    }
    reserve(draft, 2);
  }

  private static ToolOutput fill(TurnId turn, Input.ToolSaid said, long room) {
    return new ToolOutput(
        turn,
        said.invocation(),
        said.chunk().map(chunk -> cut(chunk, (int) room)),
        said.progress());
  }

  /** The first {@code length} characters of a longer text, and a mark that it was cut. */
  static String cut(String text, int length) {
    return first(text, length) + CUT;
  }

  /* One less where the cut would go through a character of two halves, which has no UTF-8 then. */
  private static String first(String text, int length) {
    boolean splits =
        length > 0
            && Character.isHighSurrogate(text.charAt(length - 1))
            && Character.isLowSurrogate(text.charAt(length));
    return text.substring(0, splits ? length - 1 : length);
  }

  /* Live events come after the step's row, so that they are within a reservation that is durable. */
  private void reserve(Draft draft, int events) {
    if (log.room() - events < LOW_ROOM) {
      draft.note(new JournalRecord.Reserved());
    }
  }

  private static boolean isOpen(OpenTurn turn, StreamId stream) {
    return turn.stream().isPresent() && turn.stream().get().stream().equals(stream);
  }

  private static long length(List<ModelEvent> events) {
    long length = 0;
    for (ModelEvent event : events) {
      length +=
          switch (event) {
            case ModelEvent.TextDelta delta -> delta.text().length();
            case ModelEvent.ReasoningDelta delta -> delta.text().length();
            case ModelEvent.ToolCallDelta delta -> delta.arguments().length();
            case ModelEvent.ToolCallStarted _,
                ModelEvent.ReasoningSigned _,
                ModelEvent.Finished _,
                ModelEvent.Failed _ ->
                0;
          };
    }
    return length;
  }

  private static List<EventBody.Live> events(TurnId turn, Input.ModelSaid said) {
    var events = new ArrayList<EventBody.Live>();
    for (ModelEvent event : said.events()) {
      EventBody.Live next = event(turn, said.stream(), event);
      if (next == null) {
        continue;
      }
      EventBody.Live merged = events.isEmpty() ? null : merged(events.getLast(), next);
      if (merged == null) {
        events.add(next);
      } else {
        events.set(events.size() - 1, merged);
      }
    }
    return events;
  }

  private static EventBody.@Nullable Live event(TurnId turn, StreamId stream, ModelEvent event) {
    return switch (event) {
      case ModelEvent.TextDelta(var part, var text) -> new TextDelta(turn, stream, part, text);
      case ModelEvent.ReasoningDelta(var part, var text) ->
          new ReasoningDelta(turn, stream, part, text);
      case ModelEvent.ToolCallStarted(var part, var name) ->
          new ToolCallDelta(
              turn, stream, part, SessionLog.invocation(stream, part), Optional.of(name), "");
      case ModelEvent.ToolCallDelta(var part, var arguments) ->
          new ToolCallDelta(
              turn, stream, part, SessionLog.invocation(stream, part), Optional.empty(), arguments);
      case ModelEvent.ReasoningSigned _, ModelEvent.Finished _, ModelEvent.Failed _ -> null;
    };
  }

  private static EventBody.@Nullable Live merged(EventBody.Live last, EventBody.Live next) {
    return switch (last) {
      case TextDelta(var turn, var stream, var part, var text)
          when next instanceof TextDelta more && more.part() == part ->
          new TextDelta(turn, stream, part, text + more.text());
      case ReasoningDelta(var turn, var stream, var part, var text)
          when next instanceof ReasoningDelta more && more.part() == part ->
          new ReasoningDelta(turn, stream, part, text + more.text());
      case ToolCallDelta(var turn, var stream, var part, var invocation, var name, var arguments)
          when next instanceof ToolCallDelta more && more.part() == part ->
          new ToolCallDelta(turn, stream, part, invocation, name, arguments + more.arguments());
      case TextDelta _, ReasoningDelta _, ToolCallDelta _, ToolOutput _, Warning _ -> null;
    };
  }
}
