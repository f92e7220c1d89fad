package dev.kantele.testkit.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.codec.WireMapper;
import dev.kantele.runtime.model.scripted.Pacing;
import dev.kantele.runtime.model.scripted.Pieces;
import dev.kantele.runtime.model.scripted.ScriptStep;
import dev.kantele.testkit.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes one reply in a vendor's events. A {@link Wire} has a subclass for what its events look
 * like; each method {@link #send}s what it has to. For one reply.
 */
public abstract class ReplyWriter {
  private static final Pieces ARGUMENTS = new Pieces.Characters(5);

  private final List<Piece> pieces = new ArrayList<>();
  private Usage usage = Usage.NONE;
  private boolean called;
  private boolean ended;

  /** For subclasses. */
  protected ReplyWriter() {}

  /** Returns the pieces of {@code reply}. */
  public final List<Piece> write(Reply reply) {
    for (ScriptStep step : reply.steps()) {
      if (step instanceof ScriptStep.Report(var reported)) {
        usage = reported;
      }
    }
    begin(usage);
    reply.steps().forEach(this::add);
    if (!ended) {
      finish(called ? FinishReason.TOOL_CALLS : FinishReason.END, usage);
    }
    return pieces;
  }

  private void add(ScriptStep step) {
    if (ended) {
      return;
    }
    ended = step instanceof ScriptStep.Ending;
    switch (step) {
      case ScriptStep.Say(var text, var pacing) -> say(text, pacing);
      case ScriptStep.Reason(var text, var signature, var pacing) ->
          reason(text, signature, pacing);
      case ScriptStep.Call(var tool, var arguments, _) -> call(tool, arguments.toString());
      case ScriptStep.Malformed(var tool, var arguments, _) -> call(tool, arguments);
      case ScriptStep.Flood(var deltas, var bytes) -> {
        for (int i = 0; i < deltas; i++) {
          text("x".repeat(bytes));
        }
      }
      case ScriptStep.Pause(var duration) -> pause(duration);
      case ScriptStep.Report _ -> {}
      case ScriptStep.Finish(var reason) -> finish(reason, usage);
      case ScriptStep.Fail(var failure) -> fail(failure);
      case ScriptStep.Drop _ -> pieces.add(new Piece.Cut());
      case ScriptStep.Never _ -> pieces.add(new Piece.Silence());
    }
  }

  private void say(String text, Pacing pacing) {
    for (String piece : pacing.pieces().of(text)) {
      text(piece);
      pause(pacing.every());
    }
  }

  private void reason(String text, Optional<String> signature, Pacing pacing) {
    for (String piece : pacing.pieces().of(text)) {
      reasoning(piece);
      pause(pacing.every());
    }
    signature.ifPresent(this::signature);
  }

  private void call(String tool, String arguments) {
    called = true;
    call(tool, arguments, ARGUMENTS.of(arguments));
  }

  private void pause(Duration duration) {
    if (!duration.isZero()) {
      pieces.add(new Piece.Pause(duration));
    }
  }

  /** Adds what is sent next. */
  protected final void send(Piece.Data piece) {
    pieces.add(piece);
  }

  /** Returns an empty JSON object. */
  protected static ObjectNode node() {
    return WireMapper.json().createObjectNode();
  }

  /** The answer begins; {@code used} is what its end will report. */
  protected void begin(Usage used) {}

  /** A piece of text. */
  protected abstract void text(String piece);

  /** A piece of reasoning. */
  protected abstract void reasoning(String piece);

  /** The signature of the reasoning before it; by default left out, as where there is none. */
  protected void signature(String signature) {}

  /** A tool call, whose arguments a vendor sends whole or in pieces. */
  protected abstract void call(String tool, String arguments, List<String> pieces);

  /** The end. */
  protected abstract void finish(FinishReason reason, Usage used);

  /** A failure in the middle of the answer, after which nothing comes. */
  protected abstract void fail(Failure failure);
}
