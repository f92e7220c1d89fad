package dev.kantele.runtime.model.scripted;

import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelEvent.Failed;
import dev.kantele.runtime.model.ModelEvent.Finished;
import dev.kantele.runtime.model.ModelEvent.ReasoningDelta;
import dev.kantele.runtime.model.ModelEvent.ReasoningSigned;
import dev.kantele.runtime.model.ModelEvent.TextDelta;
import dev.kantele.runtime.model.ModelEvent.ToolCallDelta;
import dev.kantele.runtime.model.ModelEvent.ToolCallStarted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The cues of one reply, made as they are taken: a flood costs no memory. Not thread-safe; confined
 * to its stream.
 */
final class CueSheet implements Iterator<Cue> {
  /** The part of the message that the next delta may continue. */
  private enum Open {
    NOTHING,
    TEXT,
    REASONING
  }

  private final Iterator<ScriptStep> steps;
  private Iterator<Cue> cues = Collections.emptyIterator();
  private Open open = Open.NOTHING;
  private int part = -1;
  private Usage usage = Usage.NONE;
  private FinishReason reason = FinishReason.END;
  private boolean ended;

  CueSheet(ScriptReply reply) {
    this.steps = reply.steps().iterator();
  }

  @Override
  public boolean hasNext() {
    while (!cues.hasNext() && !ended) {
      cues = steps.hasNext() ? cues(steps.next()) : finish(reason);
    }
    return cues.hasNext();
  }

  @Override
  public Cue next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the reply has ended");
    }
    return cues.next();
  }

  private Iterator<Cue> cues(ScriptStep step) {
    return switch (step) {
      case ScriptStep.Say(var text, var pacing) -> say(text, pacing);
      case ScriptStep.Reason(var text, var signature, var pacing) ->
          reason(text, signature, pacing);
      case ScriptStep.Call(var tool, var arguments, var pacing) ->
          call(tool, arguments.toString(), pacing);
      case ScriptStep.Malformed(var tool, var arguments, var pacing) ->
          call(tool, arguments, pacing);
      case ScriptStep.Flood flood -> flood(flood);
      case ScriptStep.Pause(var duration) -> pause(duration);
      case ScriptStep.Report(var reported) -> report(reported);
      case ScriptStep.Finish(var forReason) -> finish(forReason);
      case ScriptStep.Fail(var failure) -> end(new Cue.Emit(new Failed(failure)));
      case ScriptStep.Drop _ -> end();
      case ScriptStep.Never _ -> end(new Cue.Silence());
    };
  }

  private Iterator<Cue> say(String text, Pacing pacing) {
    if (text.isEmpty()) {
      return Collections.emptyIterator();
    }
    int at = partFor(Open.TEXT);
    return paced(text, pacing, piece -> new TextDelta(at, piece)).iterator();
  }

  private Iterator<Cue> reason(String text, Optional<String> signature, Pacing pacing) {
    if (text.isEmpty() && signature.isEmpty()) {
      return Collections.emptyIterator();
    }
    int at = partFor(Open.REASONING);
    var all = new ArrayList<>(paced(text, pacing, piece -> new ReasoningDelta(at, piece)));
    signature.ifPresent(
        signed -> {
          all.add(new Cue.Emit(new ReasoningSigned(at, signed)));
          open = Open.NOTHING;
        });
    return all.iterator();
  }

  private Iterator<Cue> call(String tool, String arguments, Pacing pacing) {
    reason = FinishReason.TOOL_CALLS;
    int at = partFor(Open.NOTHING);
    var all = new ArrayList<Cue>();
    all.add(new Cue.Emit(new ToolCallStarted(at, tool)));
    all.addAll(paced(arguments, pacing, piece -> new ToolCallDelta(at, piece)));
    return all.iterator();
  }

  private Iterator<Cue> flood(ScriptStep.Flood flood) {
    Cue delta = new Cue.Emit(new TextDelta(partFor(Open.TEXT), "x".repeat(flood.bytes())));
    return IntStream.range(0, flood.deltas()).mapToObj(_ -> delta).iterator();
  }

  private static Iterator<Cue> pause(Duration duration) {
    return duration.isZero()
        ? Collections.emptyIterator()
        : List.<Cue>of(new Cue.Wait(duration)).iterator();
  }

  private Iterator<Cue> report(Usage reported) {
    usage = reported;
    return Collections.emptyIterator();
  }

  private Iterator<Cue> finish(FinishReason forReason) {
    return end(new Cue.Emit(new Finished(forReason, usage)));
  }

  private Iterator<Cue> end(Cue... last) {
    ended = true;
    return List.of(last).iterator();
  }

  /** The number of the part that is open if it is of this kind, else of a new one. */
  private int partFor(Open kind) {
    if (kind == Open.NOTHING || open != kind) {
      part++;
      open = kind;
    }
    return part;
  }

  private static List<Cue> paced(String text, Pacing pacing, Function<String, ModelEvent> event) {
    var cues = new ArrayList<Cue>();
    for (String piece : pacing.pieces().of(text)) {
      if (!cues.isEmpty() && !pacing.every().isZero()) {
        cues.add(new Cue.Wait(pacing.every()));
      }
      cues.add(new Cue.Emit(event.apply(piece)));
    }
    return cues;
  }
}
