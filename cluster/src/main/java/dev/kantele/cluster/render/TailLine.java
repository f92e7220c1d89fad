package dev.kantele.cluster.render;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.codec.WireNames;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** An event on one line: number, time in UTC, type, and the gist of its content. */
public final class TailLine {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private static final int MAX_CONTENT = 100;

  private final Style style;

  /** Lines for a terminal that can show {@code style}. */
  public TailLine(Style style) {
    this.style = style;
  }

  /** The line, without its break. */
  public String render(Event event) {
    EventBody body = event.body();
    String type =
        body instanceof EventBody.Unknown unknown
            ? Printable.line(unknown.type(), MAX_CONTENT, style)
            : WireNames.nameOf(body.getClass()).orElseThrow();
    return "%s  %s  %s %s"
        .formatted(
            "%6d".formatted(event.seq()),
            style.dim(TIME.format(event.at())),
            coloured(body, "%-22s".formatted(type)),
            Printable.line(content(event), MAX_CONTENT, style))
        .stripTrailing();
  }

  private String coloured(EventBody body, String type) {
    return switch (body) {
      case EventBody.TurnFailed _,
          EventBody.StreamFailed _,
          EventBody.ToolFailed _,
          EventBody.ToolTimedOut _,
          EventBody.ToolUnknown _ ->
          style.red(type);
      case EventBody.Live _, EventBody.Synthetic _ -> style.dim(type);
      case EventBody.Terminal _ -> style.green(type);
      case EventBody.Durable _, EventBody.Unknown _ -> type;
    };
  }

  private String content(Event event) {
    return switch (event.body()) {
      case EventBody.SessionOpened opened -> "agent " + opened.agent();
      case EventBody.SessionRecovered _ -> "in place of " + covers(event);
      case EventBody.SessionSnapshot snapshot ->
          "in place of %s, page %d of %d"
              .formatted(covers(event), snapshot.page(), snapshot.pages());
      case EventBody.SessionDetached detached -> detached.message();
      case EventBody.SessionClosed closed -> closed.reason().orElse("");
      case EventBody.TurnQueued queued -> parts(queued.content());
      case EventBody.TurnStarted started -> started.turn().value();
      case EventBody.TurnSteered steered -> parts(steered.content());
      case EventBody.TurnOutputRejected rejected -> quoted(rejected.message());
      case EventBody.TurnCompleted completed -> completed(completed);
      case EventBody.TurnFailed failed -> failure(failed.error());
      case EventBody.TurnCancelled cancelled -> cancelled.reason().orElse("");
      case EventBody.StreamStarted started -> started(started);
      case EventBody.TextDelta delta -> quoted(delta.text());
      case EventBody.ReasoningDelta delta -> quoted(delta.text());
      case EventBody.ToolCallDelta delta ->
          delta.name().map(name -> name + " ").orElse("") + delta.arguments();
      case EventBody.StreamCompleted completed -> message(completed.message());
      case EventBody.StreamFailed failed -> failure(failed.error());
      case EventBody.StreamCancelled cancelled -> message(cancelled.message());
      case EventBody.ToolRequested requested ->
          requested.name()
              + " "
              + requested
                  .arguments()
                  .map(Object::toString)
                  .or(requested::invalidArguments)
                  .orElse("");
      case EventBody.ToolApprovalRequired required -> required.invocation().value();
      case EventBody.ToolApproved approved -> "by " + approved.by();
      case EventBody.ToolStarted started -> "attempt " + started.attempt();
      case EventBody.ToolOutput output -> output(output);
      case EventBody.ToolCompleted completed ->
          Printable.value(completed.output(), MAX_CONTENT, style);
      case EventBody.ToolFailed failed -> failure(failed.error());
      case EventBody.ToolDenied denied -> denied.reason().orElse("");
      case EventBody.ToolCancelled cancelled -> cancelled.reason().orElse("");
      case EventBody.ToolTimedOut timedOut -> failure(timedOut.error());
      case EventBody.ToolUnknown unknown -> unknown.reason();
      case EventBody.InputRequested requested -> requested.prompt();
      case EventBody.InputAnswered answered ->
          answered.content().map(Object::toString).orElse("declined") + " by " + answered.by();
      case EventBody.Catchup catchup -> covers(event) + " merged: " + merged(catchup);
      case EventBody.Warning warning -> warning.message();
      case EventBody.Unknown unknown -> unknown.fields().toString();
    };
  }

  private static String covers(Event event) {
    return event.covers().from() + ".." + event.covers().to();
  }

  private static String completed(EventBody.TurnCompleted completed) {
    return "%s, %d tokens"
        .formatted(StopSentence.of(completed).strip(), completed.usage().totalTokens());
  }

  private static String started(EventBody.StreamStarted started) {
    return started.attempt() > 1
        ? started.model() + ", attempt " + started.attempt()
        : started.model();
  }

  private static String output(EventBody.ToolOutput output) {
    Optional<String> chunk = output.chunk().map(TailLine::quoted);
    Optional<String> progress = output.progress().flatMap(p -> p.message());
    return chunk.orElse("") + progress.map(text -> " " + text).orElse("");
  }

  private static String failure(Failure failure) {
    return failure.code() + ": " + failure.message();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\n", "\\n") + '"';
  }

  private static String message(Message message) {
    return parts(message.content());
  }

  private static String merged(EventBody.Catchup catchup) {
    return catchup.events().size() == 1 ? "1 event" : catchup.events().size() + " events";
  }

  private static String parts(List<Part> parts) {
    return parts.stream().map(TailLine::part).collect(Collectors.joining(" "));
  }

  private static String part(Part part) {
    return switch (part) {
      case Part.Text(var text) -> quoted(text);
      case Part.Image image -> "[image " + image.mediaType() + "]";
      case Part.File file -> "[file " + file.name() + "]";
      case Part.Resource resource -> "[" + resource.uri() + "]";
      case Part.Data data -> data.value().toString();
      case Part.Reasoning _ -> "[reasoning]";
      case Part.ToolCall call -> "[calls " + call.name() + "]";
      case Part.ToolResult result -> "[result of " + result.invocation() + "]";
    };
  }
}
