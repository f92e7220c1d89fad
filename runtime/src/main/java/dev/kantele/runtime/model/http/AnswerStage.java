package dev.kantele.runtime.model.http;

import dev.kantele.runtime.model.ModelEvent;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes model events of what a vendor sends, and a failure of whatever goes wrong: it never fails
 * itself. Its last element is terminal, and its source is cancelled before that is taken, so that
 * nothing is held for a reader that is slow.
 */
final class AnswerStage extends GraphStage<FlowShape<Incoming, ModelEvent>> {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerStage.class);

  private final Inlet<Incoming> in = Inlet.create("answer.in");
  private final Outlet<ModelEvent> out = Outlet.create("answer.out");
  private final FlowShape<Incoming, ModelEvent> shape = FlowShape.of(in, out);
  private final ModelHttpSettings settings;
  private final AtomicInteger connections;
  private final CallFailures failures;
  private final Runnable close;
  private final AnswerFormat format;
  private final Supplier<? extends AnswerReader> readers;
  private final Function<Refusal, ModelEvent.Failed> refused;

  /**
   * {@code connections} counts the calls that are going on; {@code close} closes the connection of
   * this one.
   */
  AnswerStage(
      ModelHttpSettings settings,
      AtomicInteger connections,
      CallFailures failures,
      Runnable close,
      AnswerFormat format,
      Supplier<? extends AnswerReader> readers,
      Function<Refusal, ModelEvent.Failed> refused) {
    this.settings = settings;
    this.connections = connections;
    this.failures = failures;
    this.close = close;
    this.format = format;
    this.readers = readers;
    this.refused = refused;
  }

  @Override
  public FlowShape<Incoming, ModelEvent> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Answer();
  }

  private enum Timer {
    FIRST_EVENT,
    SILENCE
  }

  private final class Answer extends TimerGraphStageLogic {
    private final FrameParser parser = format.parser(settings.maxEventBytes());
    private final AnswerReader reader = readers.get();

    /** What was said and not taken yet; bounded, as nothing is read while there is something. */
    private final Queue<ModelEvent> said = new ArrayDeque<>();

    private boolean begun;
    private boolean ended;

    Answer() {
      super(shape);
      setHandlers(
          in,
          out,
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              cancelTimer(Timer.SILENCE);
              take(grab(in));
              goOn();
            }

            @Override
            public void onPull() {
              goOn();
            }

            @Override
            public void onUpstreamFinish() {
              endWith(failures.incomplete());
            }

            @Override
            public void onUpstreamFailure(Throwable cause) {
              LOG.debug("A model call broke", cause);
              endWith(failures.broken(cause, begun));
            }
          });
    }

    @Override
    public void preStart() {
      if (connections.incrementAndGet() > settings.maxConnections()) {
        end(failures.tooManyCalls(settings.maxConnections()));
        return;
      }
      scheduleOnce(Timer.FIRST_EVENT, settings.firstEventTimeout());
    }

    @Override
    public void postStop() {
      connections.decrementAndGet();
      close.run();
    }

    @Override
    public void onTimer(Object timer) {
      endWith(
          timer == Timer.FIRST_EVENT
              ? failures.noFirstEvent(settings.firstEventTimeout())
              : failures.silent(settings.idleTimeout()));
    }

    private void take(Incoming incoming) {
      switch (incoming) {
        case Incoming.Refused(var refusal) -> end(refused.apply(refusal));
        case Incoming.Piece(var bytes) -> {
          if (!parser.accept(bytes, this::onEvent) && !ended) {
            end(failures.tooLarge(settings.maxEventBytes()));
          }
        }
      }
    }

    private void onEvent(ServerSentEvent event) {
      if (!ended) {
        begun = true;
        cancelTimer(Timer.FIRST_EVENT);
        say(reader.read(event));
      }
    }

    private void say(List<ModelEvent> events) {
      for (ModelEvent event : events) {
        if (event instanceof ModelEvent.Finished || event instanceof ModelEvent.Failed) {
          end(event);
          return;
        }
        said.add(event);
      }
    }

    private void end(ModelEvent last) {
      said.add(last);
      ended = true;
      cancelTimer(Timer.FIRST_EVENT);
      cancelTimer(Timer.SILENCE);
      close.run();
      cancel(in);
    }

    /* Nothing more comes; but the answer may be whole without it. */
    private void endWith(ModelEvent otherwise) {
      if (ended) {
        return;
      }
      say(reader.end());
      if (!ended) {
        end(otherwise);
      }
      goOn();
    }

    private void goOn() {
      if (!isAvailable(out)) {
        return;
      }
      ModelEvent next = said.poll();
      if (next == null) {
        readOn();
        return;
      }
      push(out, next);
      if (ended && said.isEmpty()) {
        completeStage();
      }
    }

    private void readOn() {
      if (!ended && !hasBeenPulled(in)) {
        pull(in);
        if (begun) {
          scheduleOnce(Timer.SILENCE, settings.idleTimeout());
        }
      }
    }
  }
}
