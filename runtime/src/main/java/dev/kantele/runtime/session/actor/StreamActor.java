package dev.kantele.runtime.session.actor;

import dev.kantele.protocol.Failure;
import dev.kantele.protocol.StreamId;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.Input.StreamOutcome;
import dev.kantele.runtime.session.actor.SessionMessage.ChildAck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSink;
import org.jspecify.annotations.Nullable;

/**
 * One call of a model. It hands what the model says to its session, one unacknowledged batch at a
 * time, so that a session that is behind slows the model down; then one outcome, and stops.
 */
final class StreamActor extends AbstractMatchingBehavior<StreamActor.Command> {
  /** How much may wait for the session, in characters; each event counts for some more. */
  private static final int MAX_BATCH = 16 * 1024;

  private static final long EVENT_OVERHEAD = 64;

  /** Messages understood by a stream. */
  sealed interface Command {}

  /** Stops the call and reports so. */
  record Stop() implements Command {}

  private record Begun(ActorRef<Object> source) implements Command {}

  private record Batch(ActorRef<Object> source, List<ModelEvent> events) implements Command {}

  private record Taken() implements Command {}

  private record Completed() implements Command {}

  private record Broken(Throwable cause) implements Command {}

  private static final Object DEMAND = new Object();

  /* What the sink keeps ready beside the batch that the session takes in; the rest is put together. */
  private static final Attributes ONE_BATCH = Attributes.inputBuffer(1, 1);

  private final StreamId stream;
  private final ActorRef<SessionMessage> session;
  private final ActorRef<ChildAck> acks;
  private final UniqueKillSwitch call;
  private final Map<Integer, String> signatures = new HashMap<>();
  private final PartOrder parts = new PartOrder();

  /** Whom the demand for the next batch is owed, while the session takes one in. */
  private @Nullable ActorRef<Object> waiting;

  private @Nullable StreamOutcome outcome;

  /** Whether the source has ended. */
  private boolean ended;

  /** Whether the session has the outcome; what comes from now on is not passed on. */
  private boolean reported;

  /**
   * Creates the call that {@code source} makes for {@code request}. It fails with {@link
   * TimeoutException} where the model is silent for too long.
   */
  static Behavior<Command> create(
      Source<ModelEvent, NotUsed> source, ModelRequest request, ActorRef<SessionMessage> session) {
    return Behaviors.setup(context -> new StreamActor(context, source, request, session));
  }

  private StreamActor(
      ActorContext<Command> context,
      Source<ModelEvent, NotUsed> source,
      ModelRequest request,
      ActorRef<SessionMessage> session) {
    super(context);
    this.stream = request.stream();
    this.session = session;
    this.acks = context.messageAdapter(ChildAck.class, _ -> new Taken());
    this.call =
        source
            .viaMat(KillSwitches.single(), Keep.right())
            .batchWeighted(MAX_BATCH, StreamActor::weight, StreamActor::batch, StreamActor::add)
            .to(
                ActorSink.<List<ModelEvent>, Command, Object>actorRefWithBackpressure(
                        context.getSelf(),
                        (source1, events) -> new Batch(source1, events),
                        Begun::new,
                        DEMAND,
                        new Completed(),
                        Broken::new)
                    .withAttributes(ONE_BATCH))
            .run(Materializer.matFromSystem(context.getSystem()));
  }

  private static long weight(ModelEvent event) {
    return EVENT_OVERHEAD
        + switch (event) {
          case ModelEvent.TextDelta(_, var text) -> text.length();
          case ModelEvent.ReasoningDelta(_, var text) -> text.length();
          case ModelEvent.ToolCallDelta(_, var arguments) -> arguments.length();
          case ModelEvent.ToolCallStarted _,
              ModelEvent.ReasoningSigned _,
              ModelEvent.Finished _,
              ModelEvent.Failed _ ->
              0;
        };
  }

  private static List<ModelEvent> batch(ModelEvent first) {
    var events = new ArrayList<ModelEvent>();
    events.add(first);
    return events;
  }

  private static List<ModelEvent> add(List<ModelEvent> events, ModelEvent next) {
    events.add(next);
    return events;
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return reported ? onMessageAfterReport(command) : onMessageBeforeReport(command);
  }

  private Behavior<Command> onMessageBeforeReport(Command command) {
    return switch (command) {
      case Begun(var source) -> demand(source);
      case Batch(var source, var events) -> onBatch(source, events);
      case Taken _ -> onTaken();
      case Completed _ -> onEnd(incomplete());
      case Broken(var cause) -> onEnd(new StreamOutcome.Broke(failure(cause)));
      case Stop _ -> finish(new StreamOutcome.Stopped());
    };
  }

  private Behavior<Command> demand(ActorRef<Object> source) {
    source.tell(DEMAND);
    return this;
  }

  private Behavior<Command> onBatch(ActorRef<Object> source, List<ModelEvent> events) {
    var said = new ArrayList<ModelEvent>(events.size());
    for (ModelEvent event : events) {
      Optional<String> fault = parts.accept(event);
      if (fault.isPresent()) {
        outcome = new StreamOutcome.Broke(misnumbered(fault.get()));
        break;
      }
      switch (event) {
        case ModelEvent.Finished(var reason, var usage) ->
            outcome = new StreamOutcome.Finished(reason, usage, signatures);
        case ModelEvent.Failed(var failure, var retryAfter, var used) ->
            outcome = new StreamOutcome.Broke(failure, retryAfter, used);
        case ModelEvent.ReasoningSigned(var part, var signature) -> signatures.put(part, signature);
        case ModelEvent.TextDelta _,
            ModelEvent.ReasoningDelta _,
            ModelEvent.ToolCallStarted _,
            ModelEvent.ToolCallDelta _ ->
            said.add(event);
      }
      if (outcome != null) {
        break;
      }
    }
    waiting = source;
    if (said.isEmpty()) {
      return onTaken();
    }
    session.tell(new SessionMessage.Said(new Input.ModelSaid(stream, said), acks));
    return this;
  }

  private Behavior<Command> onTaken() {
    if (outcome != null) {
      return finish(outcome);
    }
    ActorRef<Object> source = waiting;
    waiting = null;
    return source == null ? this : demand(source);
  }

  /* The source may end while its last batch is on its way into the log; the outcome comes after that. */
  private Behavior<Command> onEnd(StreamOutcome end) {
    ended = true;
    if (outcome == null) {
      outcome = end;
    }
    return waiting == null ? finish(outcome) : this;
  }

  /* Stopping at once would tear the provider's source down; so it is cancelled first, in its own time. */
  private Behavior<Command> finish(StreamOutcome end) {
    session.tell(new SessionMessage.Happened(new Input.StreamEnded(stream, end)));
    if (ended) {
      return Behaviors.stopped();
    }
    reported = true;
    call.shutdown();
    return waiting == null ? this : demand(waiting);
  }

  private Behavior<Command> onMessageAfterReport(Command command) {
    return switch (command) {
      case Begun(var source) -> demand(source);
      case Batch(var source, _) -> demand(source);
      case Completed _, Broken _ -> Behaviors.stopped();
      case Taken _, Stop _ -> this;
    };
  }

  private static StreamOutcome incomplete() {
    return new StreamOutcome.Broke(
        new Failure("incomplete", "the stream ended without a finish", /* retryable= */ true));
  }

  private Failure misnumbered(String fault) {
    getContext().getLog().warn("Model stream {} is out of order: {}", stream, fault);
    return new Failure("provider_error", "the stream is out of order", /* retryable= */ true);
  }

  private Failure failure(Throwable cause) {
    if (cause instanceof TimeoutException) {
      return new Failure("timeout", "the stream was silent for too long", /* retryable= */ true);
    }
    getContext().getLog().warn("Model stream {} broke", stream, cause);
    return new Failure("provider_error", "the stream broke", /* retryable= */ true);
  }
}
