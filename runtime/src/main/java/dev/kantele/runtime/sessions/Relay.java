package dev.kantele.runtime.sessions;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.log.SessionLog;
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
  private static final long KEPT_BYTES = 256 * 1024;
  private static final int PULL_EVENTS = 256;
  private static final int PULL_BYTES = 64 * 1024;

  /** Messages understood by a relay. */
  sealed interface Command {}

  /** A subscriber's pull. */
  record Ask(Pull pull) implements Command {}

  private record Answered(PullReply reply) implements Command {}

  private record Tick() implements Command {}

  /** The relay is not needed: nobody has asked for a while, after {@code asked} pulls in all. */
  record Idle(SessionId session, ActorRef<Command> relay, long asked) {}

  private final SessionId session;
  private final ActorRef<SessionRegistry.Command> registry;
  private final ActorRef<? super Idle> owner;
  private final ActorRef<PullReply> answers;
  private final ArrayDeque<Delivery> kept = new ArrayDeque<>();
  private long keptBytes;

  /** Subscribers that have everything up to the cursor. */
  private final List<Pull> waiting = new ArrayList<>();

  private @Nullable Cursor cursor;
  private boolean pulling;
  private long asked;
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
      case Answered(PullReply.Detached _) -> onDetached();
      case Tick _ -> onTick();
    };
  }

  private Behavior<Command> onAsk(Pull pull) {
    asked++;
    quietTicks = 0;
    Cursor at = pull.cursor();
    if (cursor == null || (waiting.isEmpty() && !pulling && isBehind(cursor, at))) {
      moveTo(at);
    }
    if (isAtCursor(at)) {
      waiting.add(pull);
      pullOn();
    } else {
      List<Delivery> next = at.shared() ? keptAfter(at, pull.maxEvents()) : List.of();
      if (next.isEmpty()) {
        forward(pull);
      } else {
        reply(pull, next);
      }
    }
    return this;
  }

  /* Whoever is slow must not take the relay away from all others; whoever is ahead of an idle one may. */
  private static boolean isBehind(Cursor cursor, Cursor at) {
    return !at.log().equals(cursor.log()) || at.after() > cursor.after();
  }

  private void moveTo(Cursor at) {
    forgetKept();
    cursor = at;
  }

  private boolean isAtCursor(Cursor at) {
    return cursor != null && at.log().equals(cursor.log()) && at.after() == cursor.after();
  }

  /* Nothing if what is kept does not go on exactly from there. */
  private List<Delivery> keptAfter(Cursor at, int maxEvents) {
    var next = new ArrayList<Delivery>();
    if (cursor == null || !at.log().equals(cursor.log())) {
      return next;
    }
    for (Delivery delivery : kept) {
      if (delivery.covers().to() > at.after()) {
        if (next.isEmpty() && !goesOn(delivery, at.after())) {
          break;
        }
        next.add(delivery);
        if (next.size() >= maxEvents) {
          break;
        }
      }
    }
    return next;
  }

  /** Whether a subscriber that has everything up to {@code after} may get {@code delivery} next. */
  private static boolean goesOn(Delivery delivery, long after) {
    Covers covers = delivery.covers();
    return switch (delivery.entry().body()) {
      case EventBody.SessionRecovered _, EventBody.SessionSnapshot _ ->
          covers.from() <= after + 1 && after + 1 <= covers.to();
      default -> covers.from() == after + 1;
    };
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
    if (deliveries.isEmpty()) {
      return onNothing(next);
    }
    if (!isNext(deliveries, next)) {
      return this;
    }
    pulling = false;
    cursor = next;
    if (isSnapshot(deliveries)) {
      forgetKept();
    } else {
      deliveries.forEach(this::keep);
    }
    List<Pull> served = List.copyOf(waiting);
    waiting.clear();
    served.forEach(pull -> reply(pull, deliveries));
    return this;
  }

  /* The session could not wait for something to happen: it is asked again. */
  private Behavior<Command> onNothing(Cursor next) {
    if (pulling && isAtCursor(next)) {
      pulling = false;
      if (!waiting.isEmpty()) {
        pullOn();
      }
    }
    return this;
  }

  private void keep(Delivery delivery) {
    kept.addLast(delivery);
    keptBytes += SessionLog.sizeOf(delivery.entry().body());
    while (kept.size() > KEPT_EVENTS || keptBytes > KEPT_BYTES) {
      keptBytes -= SessionLog.sizeOf(kept.removeFirst().entry().body());
    }
  }

  private void forgetKept() {
    kept.clear();
    keptBytes = 0;
  }

  /* An answer to a pull that was repeated may come twice; the second does not go on from here. */
  private boolean isNext(List<Delivery> deliveries, Cursor next) {
    return cursor != null
        && next.log().equals(cursor.log())
        && goesOn(deliveries.getFirst(), cursor.after());
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
    pull.replyTo().tell(new PullReply.Batch(some, sharedAt(pull, some.getLast().covers().to())));
  }

  private static Cursor sharedAt(Pull pull, long after) {
    return new Cursor(pull.cursor().log(), after, /* shared= */ true);
  }

  /* Of an earlier log, perhaps: the session tells each of those who wait what holds for its own. */
  private Behavior<Command> onDetached() {
    pulling = false;
    cursor = null;
    forgetKept();
    waiting.forEach(this::forward);
    waiting.clear();
    return this;
  }

  /* A pull or its answer may have been lost with a session that crashed or moved: it is asked again. Who waits is told that there is nothing yet. */
  private Behavior<Command> onTick() {
    for (Pull pull : waiting) {
      Cursor same = sharedAt(pull, pull.cursor().after());
      pull.replyTo().tell(new PullReply.Batch(List.of(), same));
    }
    if (!waiting.isEmpty()) {
      quietTicks = 0;
      waiting.clear();
    } else if (++quietTicks >= 2) {
      owner.tell(new Idle(session, getContext().getSelf(), asked));
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
