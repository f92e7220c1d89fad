package dev.kantele.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.sequence.LogRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;

/**
 * Takes a session's events one by one and holds each to the rules. It asks for the next one only
 * when a test does, so that not reading makes it slow. Confined to the test's thread.
 */
final class Subscriber implements AutoCloseable {
  private final SinkQueueWithCancel<Event> queue;
  private final LogRules rules;
  private final List<Event> seen = new ArrayList<>();

  private Subscriber(Session session, long after) {
    this.queue =
        session
            .events(after)
            .withAttributes(Attributes.inputBuffer(1, 1))
            .runWith(
                Sink.<Event>queue().withAttributes(Attributes.inputBuffer(1, 1)),
                session.materializer());
    this.rules = after == 0 ? LogRules.fromStart() : LogRules.after(after);
  }

  /** A subscriber that gets everything. */
  static Subscriber of(Session session) {
    return after(session, 0);
  }

  static Subscriber after(Session session, long after) {
    return new Subscriber(session, after);
  }

  /** The next event; empty if the subscription has ended. */
  Optional<Event> poll() {
    Optional<Event> next = TestKantele.get(queue.pull());
    next.ifPresent(
        event -> {
          seen.add(event);
          assertThat(rules.accept(event)).as("what %s violates", event).isEmpty();
        });
    return next;
  }

  Event next() {
    return poll().orElseThrow(() -> new AssertionError("the subscription has ended"));
  }

  /** Reads up to the first event that is wanted. */
  Event await(Predicate<Event> wanted) {
    Event event = next();
    while (!wanted.test(event)) {
      event = next();
    }
    return event;
  }

  /** Reads up to the first event of a kind. */
  <B extends EventBody> B await(Class<B> kind) {
    return kind.cast(await(event -> kind.isInstance(event.body())).body());
  }

  /** Reads up to the end of a turn. */
  EventBody.Terminal awaitTurnEnd() {
    return (EventBody.Terminal) await(Subscriber::isTurnEnd).body();
  }

  static boolean isTurnEnd(Event event) {
    return event.body() instanceof EventBody.TurnCompleted
        || event.body() instanceof EventBody.TurnFailed
        || event.body() instanceof EventBody.TurnCancelled;
  }

  /** Whether nothing is left to read: the subscription has ended. */
  void awaitEnd() {
    while (poll().isPresent()) {}
  }

  /** All that came so far. */
  List<Event> seen() {
    return seen;
  }

  /** The bodies of a kind among all that came so far. */
  <B extends EventBody> List<B> seen(Class<B> kind) {
    return seen.stream().map(Event::body).filter(kind::isInstance).map(kind::cast).toList();
  }

  /** What has begun and not ended. */
  List<String> open() {
    return rules.open();
  }

  long last() {
    return rules.last();
  }

  /** Ends the subscription. */
  @Override
  public void close() {
    queue.cancel();
  }
}
