package dev.kantele.cluster.render;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.Progress;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.TurnId;
import java.util.Optional;

/**
 * One turn as a conversation: the answer as it comes, reasoning dimmed, a line for each tool call
 * and each result. What a stream's end says counts: it adds what its deltas left out. Confined to
 * one thread.
 */
public final class TurnRenderer {
  private static final int MAX_LINE = 200;

  private final TurnId turn;
  private final Style style;
  private final Page page;
  private final StreamPage stream;
  private final ToolBatch tools = new ToolBatch();

  /** Renders {@code turn}, and of other turns nothing. */
  public TurnRenderer(TurnId turn, Style style) {
    this.turn = turn;
    this.style = style;
    this.page = new Page(style);
    this.stream = new StreamPage(page, style);
  }

  /** What the event adds to what is shown already; may be empty. */
  public String render(Event event) {
    return render(event.body());
  }

  /** What the body of an event adds to what is shown already; may be empty. */
  public String render(EventBody body) {
    add(body);
    return page.take();
  }

  private void add(EventBody body) {
    if (body instanceof EventBody.OfTurn of && !of.turn().equals(turn)) {
      return;
    }
    switch (body) {
      case EventBody.TextDelta delta -> stream.delta(delta);
      case EventBody.ReasoningDelta delta -> stream.delta(delta);
      case EventBody.Catchup catchup -> catchup.events().forEach(this::add);
      case EventBody.StreamStarted started -> streamStarted(started);
      case EventBody.StreamCompleted completed -> stream.complete(completed.message());
      case EventBody.StreamFailed failed -> streamFailed(failed);
      case EventBody.StreamCancelled cancelled -> stream.complete(cancelled.message());
      case EventBody.ToolRequested requested -> toolRequested(requested);
      case EventBody.ToolStarted started -> toolStarted(started);
      case EventBody.ToolOutput output -> toolOutput(output);
      case EventBody.ToolApprovalRequired required ->
          page.line(style.dim(tools.name(required.invocation()) + " waits for approval"));
      case EventBody.ToolCompleted completed ->
          page.line(
              style.green(style.tick())
                  + tools.prefix(completed.invocation())
                  + " "
                  + Printable.value(completed.output(), MAX_LINE, style));
      case EventBody.ToolFailed failed -> toolEnded(failed, message(failed.error()));
      case EventBody.ToolTimedOut timedOut -> toolEnded(timedOut, message(timedOut.error()));
      case EventBody.ToolDenied denied -> toolEnded(denied, "denied" + because(denied.reason()));
      case EventBody.ToolCancelled cancelled ->
          toolEnded(cancelled, "cancelled" + because(cancelled.reason()));
      case EventBody.ToolUnknown unknown ->
          toolEnded(unknown, "nobody knows whether it took effect: " + unknown.reason());
      case EventBody.InputRequested requested ->
          page.line("? " + Printable.line(requested.prompt(), MAX_LINE, style));
      case EventBody.SessionRecovered _ ->
          page.line(style.dim("(the node was restarted; the session goes on)"));
      case EventBody.Warning warning ->
          page.line(style.dim("! " + Printable.line(warning.message(), MAX_LINE, style)));
      case EventBody.TurnSteered steered ->
          page.line(style.dim("(" + steered.author() + " joined in)"));
      case EventBody.TurnOutputRejected _ ->
          page.line(style.dim("(the answer is not of the form that was asked for; once more)"));
      case EventBody.TurnCompleted completed -> turnCompleted(completed);
      case EventBody.TurnFailed failed ->
          page.line(style.red(style.cross()) + " " + message(failed.error()));
      case EventBody.TurnCancelled cancelled ->
          page.line(style.red(style.cross()) + " cancelled" + because(cancelled.reason()));
      case EventBody.TurnQueued _,
          EventBody.TurnStarted _,
          EventBody.ToolCallDelta _,
          EventBody.ToolApproved _,
          EventBody.InputAnswered _,
          EventBody.SessionOpened _,
          EventBody.SessionClosed _,
          EventBody.SessionSnapshot _,
          EventBody.SessionDetached _,
          EventBody.Unknown _ -> {}
    }
  }

  private void streamStarted(EventBody.StreamStarted started) {
    stream.begin();
    tools.clear();
    if (started.attempt() > 1) {
      page.line(style.dim(style.again() + " asking again, attempt " + started.attempt()));
    }
  }

  private void streamFailed(EventBody.StreamFailed failed) {
    stream.begin();
    page.line(style.dim("(the answer broke off: " + message(failed.error()) + ")"));
  }

  private void toolRequested(EventBody.ToolRequested requested) {
    tools.add(requested.invocation(), Printable.line(requested.name(), MAX_LINE, style));
    String arguments =
        requested
            .arguments()
            .map(value -> Printable.value(value, MAX_LINE, style))
            .or(requested::invalidArguments)
            .map(text -> " " + Printable.line(text, MAX_LINE, style))
            .orElse("");
    page.line(
        style.cyan(style.arrow() + " " + tools.name(requested.invocation()))
            + style.dim(arguments));
  }

  private void toolStarted(EventBody.ToolStarted started) {
    if (started.attempt() > 1) {
      page.line(
          style.dim(
              "%s %s again, attempt %d"
                  .formatted(style.again(), tools.name(started.invocation()), started.attempt())));
    }
  }

  private void toolOutput(EventBody.ToolOutput output) {
    output.chunk().ifPresent(page::dimText);
    output
        .progress()
        .flatMap(Progress::message)
        .ifPresent(text -> page.line(style.dim(Printable.line(text, MAX_LINE, style))));
  }

  private void toolEnded(EventBody.OfInvocation body, String how) {
    page.line(style.red(style.cross()) + tools.prefix(body.invocation()) + " " + how);
  }

  private void turnCompleted(EventBody.TurnCompleted completed) {
    page.endLine();
    if (completed.stopReason() != StopReason.END) {
      page.line(style.dim("(" + StopSentence.of(completed) + ")"));
    }
  }

  private String message(Failure failure) {
    return Printable.line(failure.message(), MAX_LINE, style);
  }

  private String because(Optional<String> reason) {
    return reason.map(text -> ": " + Printable.line(text, MAX_LINE, style)).orElse("");
  }
}
