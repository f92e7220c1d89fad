package dev.kantele.protocol.client;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.SessionId;
import java.util.Optional;
import java.util.concurrent.Flow;

/** The events of one session after one cursor; each subscriber gets all of them. */
final class EventPublisher implements Flow.Publisher<Event>, EventSubscription.Registry {
  private final ClientCore client;
  private final SessionId session;
  private final Optional<LogId> log;
  private final long after;

  EventPublisher(ClientCore client, SessionId session, Optional<LogId> log, long after) {
    if (after < 0) {
      throw new IllegalArgumentException("after: " + after + " (expected: 0 or more)");
    }
    this.client = client;
    this.session = requireNonNull(session, "session");
    this.log = requireNonNull(log, "log");
    this.after = after;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Event> subscriber) {
    new EventSubscription(
            requireNonNull(subscriber, "subscriber"),
            this,
            client.mailbox(),
            client.threads(),
            client.settings().eventWindow(),
            log,
            after)
        .begin();
  }

  @Override
  public void add(EventSubscription subscription) {
    ClientException end = client.end();
    if (end != null) {
      subscription.failed(end);
    } else if (!subscription.isCancelled()) {
      client.session(session).feed().add(subscription);
    }
  }

  @Override
  public void remove(EventSubscription subscription) {
    client.session(session).feed().remove(subscription);
  }

  @Override
  public void advance() {
    client.session(session).feed().advance();
  }
}
