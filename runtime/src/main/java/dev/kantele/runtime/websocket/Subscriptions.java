package dev.kantele.runtime.websocket;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.PullReply;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one connection: who pulls next and how much, and whose event is written
 * next. Does no I/O. Confined to its connection's stream.
 *
 * <p>An attach that is on its way suspends the session's earlier subscription, which goes on if the
 * attach is refused and is replaced if it is not. Credit that comes meanwhile counts for both.
 */
final class Subscriptions {
  /** What one turn of a subscription adds to the bytes that it may send. */
  private static final int QUANTUM_BYTES = 4 * 1024;

  /** The most that one pull asks for. */
  private static final int MAX_PULL_BYTES = 64 * 1024;

  /** What a frame has beside the shared bytes of its event, more or less. */
  private static final int FRAME_BYTES = 48;

  private final int max;
  private final int maxPulls;
  private final int batchEvents;
  private final WireCodec codec;
  private final Clock clock;
  private final PullBudget budget;
  private final FairShare<Subscription> share;

  private final Map<SessionId, Place> places = new HashMap<>();

  /**
   * Subscriptions that are neither pulling nor have anything ready, in the order they became so.
   */
  private final LinkedHashMap<Long, Subscription> hungry = new LinkedHashMap<>();

  /** Open pulls, with those whose subscription has ended since. */
  private final Map<Long, Subscription> pulls = new HashMap<>();

  Subscriptions(WebSocketSettings settings, WireCodec codec, Clock clock) {
    this.max = settings.maxSubscriptions();
    this.maxPulls = 2 * max;
    this.batchEvents = settings.batchEvents();
    this.codec = codec;
    this.clock = clock;
    this.budget = new PullBudget(settings.eventBytes(), maxPulls, MAX_PULL_BYTES);
    this.share =
        new FairShare<>(QUANTUM_BYTES, subscription -> bytesOf(subscription.ready.getFirst()));
  }

  /** Whether the connection may subscribe to {@code session}. */
  boolean hasRoomFor(SessionId session) {
    return places.containsKey(session) || places.size() < max;
  }

  /** An attach goes to its session; {@code id} names it and grows from one to the next. */
  void attaching(long id, Command.SessionAttach attach) {
    Place place = places.computeIfAbsent(attach.session(), _ -> new Place());
    place.attaching.put(id, new Credit(attach.credit()));
    if (place.active != null) {
      pause(place.active);
    }
  }

  /** The session took the attach; from now on its events after {@code after} are pulled. */
  void attached(long id, SessionId session, LogId log, long after) {
    Place place = places.get(session);
    Credit credit = place == null ? null : place.attaching.remove(id);
    if (place == null || credit == null) {
      return; // Detached meanwhile.
    }
    if (place.active == null || place.active.id < id) {
      end(place);
      place.active = new Subscription(id, session, Cursor.of(log, after), credit);
    }
    settle(session, place);
  }

  /** The session refused the attach, or never answered. */
  void refused(long id, SessionId session) {
    Place place = places.get(session);
    if (place != null && place.attaching.remove(id) != null) {
      settle(session, place);
    }
  }

  /** Grants events of a session; false if it has no subscription here. */
  boolean grant(SessionId session, long events) {
    Place place = places.get(session);
    if (place == null) {
      return false;
    }
    place.attaching.values().forEach(credit -> credit.grant(events));
    if (place.active != null) {
      place.active.credit.grant(events);
      settle(session, place);
    }
    return true;
  }

  /** Ends the subscription to a session; false if there is none. */
  boolean detach(SessionId session) {
    Place place = places.remove(session);
    if (place == null) {
      return false;
    }
    end(place);
    return true;
  }

  /** Ends all. */
  void clear() {
    places.values().forEach(this::end);
    places.clear();
  }

  /** The next pull to make, if one is needed and may be made. */
  Optional<Pull> nextPull() {
    if (pulls.size() >= maxPulls) {
      return Optional.empty();
    }
    for (Subscription subscription : hungry.values()) {
      int events = subscription.credit.atMost(batchEvents);
      if (events > 0) {
        hungry.remove(subscription.id);
        subscription.pulling = true;
        subscription.reservedBytes = budget.reserve(places.size());
        pulls.put(subscription.id, subscription);
        return Optional.of(
            new Pull(
                subscription.id,
                subscription.session,
                subscription.cursor,
                events,
                subscription.reservedBytes));
      }
    }
    return Optional.empty();
  }

  /**
   * A pull brought {@code reply}. Returns what the client is told if this ends the subscription.
   *
   * @throws IllegalArgumentException if an event has no JSON form; the pull is still open then
   */
  Optional<Event> pulled(long id, PullReply reply) {
    if (reply instanceof PullReply.Batch batch) {
      // Encoded here, once for all subscribers, so that what has no JSON ends one subscription.
      batch.deliveries().forEach(this::bytesOf);
    }
    Subscription subscription = pulls.remove(id);
    if (subscription == null) {
      return Optional.empty();
    }
    subscription.pulling = false;
    Place place = places.get(subscription.session);
    if (place == null || place.active != subscription) {
      budget.release(subscription.reservedBytes);
      return Optional.empty();
    }
    return switch (reply) {
      case PullReply.Batch batch -> {
        take(subscription, batch);
        settle(subscription.session, place);
        yield Optional.empty();
      }
      case PullReply.Detached(var code, var message) -> {
        budget.release(subscription.reservedBytes);
        place.active = null;
        settle(subscription.session, place);
        yield Optional.of(detached(subscription, code, message));
      }
    };
  }

  /** The text of the event that is written next, if one is ready. */
  Optional<byte[]> nextEvent() {
    return share.next().map(this::takeEvent);
  }

  /** How many subscriptions there are, those that are on their way included. */
  int size() {
    return places.size();
  }

  private void take(Subscription subscription, PullReply.Batch batch) {
    subscription.cursor = batch.next();
    subscription.ready.addAll(batch.deliveries());
    if (subscription.ready.isEmpty()) {
      budget.release(subscription.reservedBytes);
    }
  }

  private byte[] takeEvent(Subscription subscription) {
    Delivery delivery = subscription.ready.removeFirst();
    subscription.lastSeq = delivery.covers().to();
    subscription.credit.take();
    if (subscription.ready.isEmpty()) {
      pause(subscription);
      budget.release(subscription.reservedBytes);
      hungry.put(subscription.id, subscription);
    } else if (subscription.credit.isSpent()) {
      // A snapshot comes whole, however many events were asked for.
      pause(subscription);
    }
    return codec.frame(delivery.covers(), delivery.entry().encoded(codec));
  }

  private int bytesOf(Delivery delivery) {
    return delivery.entry().encoded(codec).length() + FRAME_BYTES;
  }

  /** Puts a place's subscription where it belongs after something changed. */
  private void settle(SessionId session, Place place) {
    Subscription active = place.active;
    if (active == null) {
      if (place.attaching.isEmpty()) {
        places.remove(session);
      }
      return;
    }
    if (!place.attaching.isEmpty() || active.pulling) {
      return;
    }
    if (active.ready.isEmpty()) {
      hungry.put(active.id, active);
    } else if (!active.sharing && !active.credit.isSpent()) {
      active.sharing = true;
      share.add(active);
    }
  }

  /** Neither pulls nor sends for a subscription until it is settled again. */
  private void pause(Subscription subscription) {
    hungry.remove(subscription.id);
    if (subscription.sharing) {
      subscription.sharing = false;
      share.remove(subscription);
    }
  }

  /** Ends a place's subscription; the budget of an open pull comes back with its reply. */
  private void end(Place place) {
    Subscription active = place.active;
    if (active == null) {
      return;
    }
    pause(active);
    if (!active.ready.isEmpty()) {
      budget.release(active.reservedBytes);
    }
    place.active = null;
  }

  /**
   * The event that ends a subscription stands outside the log: it repeats the last number that the
   * client has, so that no number is skipped, and a client must not move its cursor by it. Numbers
   * begin at 1, so a client that has nothing yet is given 1.
   */
  private Event detached(Subscription subscription, String code, String message) {
    return new Event(
        subscription.session,
        Covers.of(Math.max(1, subscription.lastSeq)),
        clock.instant(),
        new EventBody.SessionDetached(code, message));
  }

  /** What a connection has of one session. */
  private static final class Place {
    @Nullable Subscription active;

    /** Attaches without an answer yet, by id, each with the credit granted so far. */
    final Map<Long, Credit> attaching = new HashMap<>();
  }
}
