package dev.kantele.runtime.session;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.WireName;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.Visible;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A step in words, one line a row, live event or effect, in their order. */
final class Shown {
  /** All of {@code step}, which was taken at {@code now}. */
  static List<String> step(Step step, Instant now) {
    var lines = new ArrayList<>(rows(step));
    step.live().forEach(event -> lines.add(event(event)));
    step.effects().forEach(effect -> lines.add(effect(effect, now)));
    return lines;
  }

  /** The rows of {@code step}. */
  static List<String> rows(Step step) {
    return step.rows().stream().map(Shown::row).toList();
  }

  private static String row(JournalRecord row) {
    return row.content() instanceof Visible(var body)
        ? event(body)
        : words(name(row.content()), note(row));
  }

  private static String note(JournalRecord row) {
    return switch (row.content()) {
      case JournalRecord.TurnOptions options -> options.turn().value();
      case JournalRecord.EndRequested end ->
          words(end.turn().value(), name(end.cause()), "within", within(row.at(), end.deadline()));
      case JournalRecord.CancelRemembered cancel -> cancel.turn().value();
      case JournalRecord.ResultGiven given -> given.result().invocation().value();
      case JournalRecord.CloseRequested close -> close.erase() ? "to erase" : "";
      default -> "";
    };
  }

  static String event(EventBody body) {
    return words(name(body), detail(body));
  }

  private static String detail(EventBody body) {
    return switch (body) {
      case EventBody.TurnCompleted end ->
          words(
              end.turn().value(),
              end.stopReason().name().toLowerCase(Locale.ROOT),
              end.limit().orElse(""));
      case EventBody.TurnFailed end -> words(end.turn().value(), end.error().code());
      case EventBody.TurnCancelled end ->
          words(
              end.turn().value(),
              end.rolledBack() ? "rolled back" : "",
              end.abandoned().isEmpty() ? "" : "abandoned " + end.abandoned());
      case EventBody.StreamStarted start ->
          words(
              start.stream().value(),
              "#" + start.attempt(),
              start.supersedes().map(StreamId::value).map(id -> "for " + id).orElse(""));
      case EventBody.StreamFailed end ->
          words(end.stream().value(), end.error().code(), end.willRetry() ? "again" : "");
      case EventBody.ToolRequested asked -> words(asked.invocation().value(), asked.name());
      case EventBody.ToolStarted start -> words(start.invocation().value(), "#" + start.attempt());
      case EventBody.ToolFailed end -> words(end.invocation().value(), end.error().code());
      case EventBody.TextDelta delta -> words(delta.stream().value(), delta.text());
      case EventBody.OfStream of -> of.stream().value();
      case EventBody.OfInvocation of -> of.invocation().value();
      case EventBody.OfTurn of -> of.turn().value();
      default -> "";
    };
  }

  private static String effect(Effect effect, Instant now) {
    return switch (effect) {
      case Effect.Answer answer -> "answer " + reply(answer.reply());
      case Effect.CallModel call -> "call " + call.request().stream();
      case Effect.StopStream stop -> "stop " + stop.stream();
      case Effect.CheckTool check -> "check " + check.invocation();
      case Effect.CheckResult check -> "check result " + check.invocation();
      case Effect.InvokeTool run ->
          words(
              run.reconcile() ? "reconcile" : "run", run.invocation().value(), "#" + run.attempt());
      case Effect.StopTool stop -> "stop " + stop.invocation();
      case Effect.Abandon abandon -> "abandon " + abandon.operation();
      case Effect.StartTimer start when start.timer() instanceof Input.Timer.Retry ->
          timer(start.timer()) + " soon";
      case Effect.StartTimer start -> words(timer(start.timer()), "in", within(now, start.at()));
      case Effect.StopTimer stop -> "no " + timer(stop.timer());
      case Effect.EraseLog _ -> "erase";
    };
  }

  private static String timer(Input.Timer timer) {
    return switch (timer) {
      case Input.Timer.ClientLimit(var call) -> "client limit " + call;
      case Input.Timer.Deadline(var turn) -> "deadline " + turn;
      case Input.Timer.WallTime(var turn) -> "wall time " + turn;
      case Input.Timer.Retry(var failed) -> "retry " + failed;
      case Input.Timer.Expiry(var call) -> "expiry " + call;
    };
  }

  /** A reply in words: what an ack says, or the code of a nack. */
  static String reply(Reply reply) {
    return switch (reply) {
      case Reply.Ack ack -> words(ack.duplicate() ? "again" : "", body(ack.body()));
      case Reply.Nack nack -> nack.error().code().wireName();
      default -> reply.toString();
    };
  }

  private static String body(AckBody body) {
    return switch (body) {
      case AckBody.Done _ -> "done";
      case AckBody.Opened opened -> opened.created() ? "created" : "found";
      case AckBody.Attached _ -> "attached";
      case AckBody.PromptAccepted accepted -> accepted.turn() + " at " + accepted.position();
      case AckBody.Status status -> words("status", turns(status));
      default -> body.toString();
    };
  }

  private static String turns(AckBody.Status status) {
    var turns = new ArrayList<String>();
    status.turns().forEach(turn -> turns.add(turn.turn() + " " + turn.state()));
    if (status.closed()) {
      turns.add("closed");
    }
    return String.join(", ", turns);
  }

  /** A message each line: whose it is, and its parts. */
  static List<String> transcript(List<Message> messages) {
    return messages.stream()
        .map(
            message ->
                words(
                    message.role().name().toLowerCase(Locale.ROOT) + ":",
                    String.join(" ", message.content().stream().map(Shown::part).toList()),
                    message.partial() ? "(partial)" : ""))
        .toList();
  }

  private static String part(Part part) {
    return switch (part) {
      case Part.Text(var text) -> text;
      case Part.Reasoning reasoning -> "<" + reasoning.text() + ">";
      case Part.ToolCall call -> call.name() + "?" + call.invocation();
      case Part.ToolResult result ->
          result.invocation()
              + result.output().map(output -> "=" + output.asText()).orElse("")
              + result.error().map(error -> "!" + error.code()).orElse("");
      default -> part.toString();
    };
  }

  private static String name(Object value) {
    return Optional.ofNullable(value.getClass().getAnnotation(WireName.class))
        .map(WireName::value)
        .orElse(value.getClass().getSimpleName());
  }

  private static String within(Instant from, Instant to) {
    return Duration.between(from, to).toString().substring(2).toLowerCase(Locale.ROOT);
  }

  private static String words(String... words) {
    return String.join(" ", List.of(words).stream().filter(word -> !word.isEmpty()).toList());
  }

  private Shown() {}
}
