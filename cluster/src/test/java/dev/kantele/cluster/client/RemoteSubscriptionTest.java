package dev.kantele.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.cluster.access.AccessException;
import dev.kantele.cluster.access.AccessException.Reason;
import dev.kantele.cluster.access.Received;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.WireError;
import dev.kantele.protocol.client.CommandRefusedException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoteSubscriptionTest {
  private static final Event EVENT =
      new Event(
          new SessionId("s"),
          Covers.of(4),
          Instant.parse("2026-03-01T09:30:00Z"),
          new EventBody.TurnStarted(new TurnId("t")));

  private final AtomicLong requested = new AtomicLong();
  private final RemoteSubscription subscription = new RemoteSubscription(7);

  @BeforeEach
  void subscribe() {
    subscription.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long events) {
            requested.addAndGet(events);
          }

          @Override
          public void cancel() {}
        });
  }

  @Test
  void it_asks_for_one_more_for_each_that_is_taken() {
    long ahead = requested.get();
    subscription.onNext(EVENT);
    assertThat(requested).hasValue(ahead);

    Received received = subscription.next();

    assertThat(requested).hasValue(ahead + 1);
    assertThat(received.event()).isEqualTo(EVENT);
    assertThat(received.json())
        .isEqualTo(
            "{\"seq\":4,\"type\":\"turn.started\",\"session\":\"s\","
                + "\"at\":\"2026-03-01T09:30:00.000Z\",\"turn\":\"t\"}");
    assertThat(subscription.lastSeqAtStart()).isEqualTo(7);
  }

  @Test
  void a_refusal_comes_after_the_events_before_it_and_again_to_whoever_asks_again() {
    subscription.onNext(EVENT);
    subscription.onError(
        new CommandRefusedException(WireError.of(ErrorCode.SESSION_NOT_FOUND, "none")));

    assertThat(subscription.next().event()).isEqualTo(EVENT);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(subscription::next)
          .isInstanceOfSatisfying(
              AccessException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(Reason.REFUSED);
                assertThat(e.code()).isEqualTo(Optional.of(ErrorCode.SESSION_NOT_FOUND));
              });
    }
  }

  @Test
  void the_end_of_the_log_is_said_to_be_so() {
    subscription.onComplete();

    assertThatThrownBy(subscription::next).hasMessage("the session is closed");
  }
}
