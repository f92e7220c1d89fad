package dev.kantele.runtime.model.scripted;

import dev.kantele.runtime.model.ModelEvent;
import java.util.Collections;
import java.util.Iterator;
import java.util.function.Supplier;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * Performs a reply: one event per demand, waits by the materializer's scheduler, and ends with the
 * cues. A wait begins when the event after it is demanded. The reply is decided when the stage
 * starts.
 */
final class CueStage extends GraphStage<SourceShape<ModelEvent>> {
  private final Outlet<ModelEvent> out = Outlet.create("scripted.out");
  private final SourceShape<ModelEvent> shape = SourceShape.of(out);
  private final Supplier<ScriptReply> reply;

  CueStage(Supplier<ScriptReply> reply) {
    this.reply = reply;
  }

  @Override
  public SourceShape<ModelEvent> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Performance();
  }

  private final class Performance extends TimerGraphStageLogic {
    private Iterator<Cue> cues = Collections.emptyIterator();

    Performance() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              perform();
            }
          });
    }

    @Override
    public void preStart() {
      cues = new CueSheet(reply.get());
    }

    @Override
    public void onTimer(Object timerKey) {
      perform();
    }

    private void perform() {
      if (!cues.hasNext()) {
        completeStage();
        return;
      }
      switch (cues.next()) {
        case Cue.Emit(var event) -> emitOne(event);
        case Cue.Wait(var duration) -> scheduleOnce("wait", duration);
        case Cue.Silence _ -> {}
      }
    }

    private void emitOne(ModelEvent event) {
      push(out, event);
      if (event instanceof ModelEvent.Finished || event instanceof ModelEvent.Failed) {
        completeStage();
      }
    }
  }
}
