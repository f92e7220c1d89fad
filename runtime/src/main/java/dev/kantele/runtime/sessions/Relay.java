package dev.kantele.runtime.sessions;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.session.actor.SessionMessage.Pull;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * What this node's subscribers of one session share: one pull at the log's end, and the latest
 * deliveries. A subscriber that is at the relay's cursor, or came from there and is still within
 * what is kept, is served here; any other asks the session itself.
 *
 * <p>Who enters at the cursor has missed nothing that is kept; who would enter in the middle might
 * have missed the beginning of a stream whose rest is kept. That is what {@link Cursor#shared()}
 * tells apart.
 */
final class Relay extends AbstractMatchingBehavior<Relay.Command> {
  private static final int KEPT_EVENTS = 1_024;
  private static final int PULL_EVENTS = 256;
  private static final int PULL_BYTES = 64 * 1024;

  /** Messages understood by a relay. */
  sealed interface Command {}

  /** A subscriber's pull. */
  record Ask(Pull pull) implements Command {}

  private record Answered(PullReply reply) implements Command {}

  private record Tick() implements Command {}

  /** The relay is not needed: nobody has asked for a while. */
  record Idle(SessionId session, ActorRef<Command> relay) {}

  private final SessionId session;
  private final ActorRef<SessionRegistry.Command> registry;
  private final ActorRef<? super Idle> owner;
  private final ActorRef<PullReply> answers;
  private final ArrayDeque<Delivery> kept = new ArrayDeque<>();
  private final List<Pull> waiting = new ArrayList<>();
  private @Nullable Cursor cursor;
  private boolean pulling;
  private int quietTicks;

  static Behavior<Command> create(
      SessionId session,
      ActorRef<SessionRegistry.Command> registry,
      Duration hold,
      ActorRef<? super Idle> owner) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new Relay(context, timers, session, registry, hold, owner)));
  }

  private Relay(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      SessionId session,
      ActorRef<SessionRegistry.Command> registry,
      Duration hold,
      ActorRef<? super Idle> owner) {
    super(context);
    this.session = session;
    this.registry = registry;
    this.owner = owner;
    this.answers = context.messageAdapter(PullReply.class, Answered::new);
    timers.startTimerWithFixedDelay(new Tick(), hold);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Ask(var pull) -> onAsk(pull);
      case Answered(PullReply.Batch(var deliveries, var next)) -> onBatch(deliveries, next);
      case Answered(PullReply.Detached detached) -> onDetached(detached);
      case Tick _ -> onTick();
    };
  }

  private Behavior<Command> onAsk(Pull pull) {
    quietTicks = 0;
    Cursor asked = pull.cursor();
    if (cursor == null || (waiting.isEmpty() && !pulling && !isKept(asked))) {
      kept.clear();
      cursor = asked;
    }
    if (!asked.log().equals(cursor.log())) {
      forward(pull);
    } else if (asked.after() == cursor.after()) {
      waiting.add(pull);
      pullOn();
    } else if (isKept(asked)) {
      reply(pull, after(asked.after(), pull));
    } else {
      forward(pull);
    }
    return this;
  }

  private boolean isKept(Cursor asked) {
    return cursor != null
        && asked.log().equals(cursor.log())
        && (asked.after() == cursor.after()
            || (asked.shared()
                && !kept.isEmpty()
                && asked.after() < cursor.after()
                && asked.after() + 1 >= kept.getFirst().covers().from()));
  }

  private List<Delivery> after(long after, Pull pull) {
    var next = new ArrayList<Delivery>();
    for (Delivery delivery : kept) {
      if (delivery.covers().to() > after) {
        next.add(delivery);
        if (next.size() >= pull.maxEvents()) {
          break;
        }
      }
    }
    return next;
  }

  private void forward(Pull pull) {
    registry.tell(new SessionRegistry.Deliver(session, pull));
  }

  private void pullOn() {
    if (!pulling && cursor != null) {
      pulling = true;
      forward(new Pull(cursor, PULL_EVENTS, PULL_BYTES, answers));
    }
  }

  private Behavior<Command> onBatch(List<Delivery> deliveries, Cursor next) {
    if (!isNext(deliveries, next)) {
      return this;
    }
    pulling = false;
    cursor = next;
    if (isSnapshot(deliveries)) {
      kept.clear();
    } else {
      kept.addAll(deliveries);
    }
    while (kept.size() > KEPT_EVENTS) {
      kept.removeFirst();
    }
    List<Pull> served = List.copyOf(waiting);
    waiting.clear();
    served.forEach(pull -> reply(pull, deliveries));
    return this;
  }

  /* An answer to a pull that was repeated may come twice; the second has nothing new at its beginning. */
  private boolean isNext(List<Delivery> deliveries, Cursor next) {
    if (cursor == null || deliveries.isEmpty() || !next.log().equals(cursor.log())) {
      return false;
    }
    Covers first = deliveries.getFirst().covers();
    return first.from() <= cursor.after() + 1 && cursor.after() + 1 <= first.to();
  }

  /* Its pages belong together, and nobody can go on from the middle of them. */
  private static boolean isSnapshot(List<Delivery> deliveries) {
    return deliveries.getFirst().entry().body() instanceof EventBody.SessionSnapshot;
  }

  private static void reply(Pull pull, List<Delivery> deliveries) {
    List<Delivery> some =
        deliveries.size() <= pull.maxEvents() || isSnapshot(deliveries)
            ? deliveries
            : deliveries.subList(0, pull.maxEvents());
    pull.replyTo()
        .tell(
            new PullReply.Batch(
                some,
                new Cursor(pull.cursor().log(), some.getLast().covers().to(), /* shared= */ true)));
  }

  private Behavior<Command> onDetached(PullReply.Detached detached) {
    pulling = false;
    cursor = null;
    kept.clear();
    waiting.forEach(pull -> pull.replyTo().tell(detached));
    waiting.clear();
    return this;
  }

  /* A pull or its answer may have been lost with a session that crashed or moved: it is asked again. Who waits is told that there is nothing yet. */
  private Behavior<Command> onTick() {
    waiting.forEach(pull -> pull.replyTo().tell(new PullReply.Batch(List.of(), pull.cursor())));
    if (!waiting.isEmpty()) {
      quietTicks = 0;
      waiting.clear();
    } else if (++quietTicks >= 2) {
      owner.tell(new Idle(session, getContext().getSelf()));
    }
    if (pulling) {
      pulling = false;
      if (quietTicks == 0) {
        pullOn();
      }
    }
    return this;
  }
}
