package dev.kantele.runtime.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.POJONode;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.LogEntry;
import dev.kantele.runtime.log.PullReply;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class SubscriptionsTest {
  private static final SessionId A = new SessionId("a");
  private static final SessionId B = new SessionId("b");
  private static final LogId LOG = new LogId("log");
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private final WireCodec codec = new WireCodec();
  private final Subscriptions subscriptions =
      new Subscriptions(
          TestSettings.webSocket("max-subscriptions = 2, batch-events = 10"),
          codec,
          Clock.fixed(NOW, ZoneOffset.UTC));

  private void attaching(long id, SessionId session, OptionalLong credit) {
    subscriptions.attaching(
        id,
        new Command.SessionAttach(new CommandId("c" + id), session, 0, Optional.empty(), credit));
  }

  private void attach(long id, SessionId session, OptionalLong credit) {
    attaching(id, session, credit);
    subscriptions.attached(id, session, LOG, 0);
  }

  private void attach(long id, SessionId session) {
    attach(id, session, OptionalLong.empty());
  }

  private static PullReply.Batch batch(SessionId session, long from, int events, int bytes) {
    var deliveries = new ArrayList<Delivery>();
    for (long seq = from; seq < from + events; seq++) {
      var body = new EventBody.Warning(Optional.empty(), "w", "x".repeat(bytes));
      deliveries.add(
          new Delivery(Covers.of(seq), new LogEntry(session, Covers.of(seq), NOW, body)));
    }
    return new PullReply.Batch(deliveries, new Cursor(LOG, from + events - 1, /* shared= */ true));
  }

  private Pull pull() {
    return subscriptions.nextPull().orElseThrow();
  }

  private List<String> events() {
    var texts = new ArrayList<String>();
    for (var next = subscriptions.nextEvent(); next.isPresent(); next = subscriptions.nextEvent()) {
      Event event = codec.decodeEvent(next.get());
      texts.add(event.session() + "" + event.seq());
    }
    return texts;
  }

  @Nested
  class Pulling {
    @Test
    void begins_with_the_ack_after_the_given_number() {
      attaching(1, A, OptionalLong.empty());
      assertThat(subscriptions.nextPull()).isEmpty();

      subscriptions.attached(1, A, LOG, 7);

      Pull pull = pull();
      assertThat(pull.session()).isEqualTo(A);
      assertThat(pull.cursor()).isEqualTo(Cursor.of(LOG, 7));
      assertThat(pull.maxEvents()).isEqualTo(10);
    }

    @Test
    void happens_once_at_a_time_and_goes_on_when_all_is_written() {
      attach(1, A);
      pull();
      assertThat(subscriptions.nextPull()).isEmpty();

      subscriptions.pulled(1, batch(A, 1, 2, 10));
      assertThat(subscriptions.nextPull()).as("two events wait").isEmpty();
      subscriptions.nextEvent();
      assertThat(subscriptions.nextPull()).as("one event waits").isEmpty();
      subscriptions.nextEvent();

      assertThat(pull().cursor()).isEqualTo(new Cursor(LOG, 2, /* shared= */ true));
    }

    @Test
    void goes_on_after_an_empty_batch() {
      attach(1, A);
      for (int i = 0; i < 1_000; i++) {
        int bytes = pull().maxBytes();
        assertThat(bytes).isEqualTo(64 * 1024);
        subscriptions.pulled(1, new PullReply.Batch(List.of(), Cursor.of(LOG, 0)));
      }
    }

    @Test
    void shares_the_bytes_among_the_subscriptions() {
      attach(1, A);
      attach(2, B);
      int bytes = pull().maxBytes() + pull().maxBytes();

      assertThat(bytes).isLessThanOrEqualTo(256 * 1024);
    }

    @Test
    void of_ended_subscriptions_is_bounded_too() {
      int pulls = 0;
      for (int id = 1; id <= 100; id++) {
        attach(id, A);
        if (subscriptions.nextPull().isPresent()) {
          pulls++;
        }
        subscriptions.detach(A);
      }
      assertThat(pulls).isEqualTo(4);

      attach(101, A);
      assertThat(subscriptions.nextPull()).isEmpty();
      subscriptions.pulled(1, batch(A, 1, 1, 10));
      assertThat(pull().subscription()).isEqualTo(101);
    }
  }

  @Nested
  class Credits {
    @Test
    void bound_what_is_pulled_and_sent() {
      attach(1, A, OptionalLong.of(3));
      assertThat(pull().maxEvents()).isEqualTo(3);
      subscriptions.pulled(1, batch(A, 1, 3, 10));
      assertThat(events()).containsExactly("a1", "a2", "a3");

      assertThat(subscriptions.nextPull()).isEmpty();

      assertThat(subscriptions.grant(A, 2)).isTrue();
      assertThat(pull().maxEvents()).isEqualTo(2);
    }

    @Test
    void of_zero_let_nothing_be_pulled() {
      attach(1, A, OptionalLong.of(0));

      assertThat(subscriptions.nextPull()).isEmpty();
    }

    @Test
    void bound_what_is_sent_even_if_more_came() {
      attach(1, A, OptionalLong.of(2));
      pull();
      subscriptions.pulled(1, batch(A, 1, 5, 10));

      assertThat(events()).containsExactly("a1", "a2");
      assertThat(subscriptions.nextPull()).isEmpty();
      subscriptions.grant(A, 1);
      assertThat(events()).containsExactly("a3");
      subscriptions.grant(A, 10);
      assertThat(events()).containsExactly("a4", "a5");
      assertThat(pull().maxEvents()).isEqualTo(8);
    }

    @Test
    void for_a_session_that_is_not_attached_are_refused() {
      assertThat(subscriptions.grant(A, 1)).isFalse();
    }

    @Test
    void that_come_before_the_ack_count() {
      attaching(1, A, OptionalLong.of(1));
      assertThat(subscriptions.grant(A, 4)).isTrue();

      subscriptions.attached(1, A, LOG, 0);

      assertThat(pull().maxEvents()).isEqualTo(5);
    }
  }

  @Nested
  class Attaching_again {
    @Test
    void replaces_the_subscription_when_the_ack_comes() {
      attach(1, A);
      pull();
      subscriptions.pulled(1, batch(A, 1, 3, 10));

      attaching(2, A, OptionalLong.empty());
      assertThat(events()).as("events while the attach is on its way").isEmpty();
      subscriptions.attached(2, A, LOG, 1);

      assertThat(events()).isEmpty();
      assertThat(pull().cursor()).isEqualTo(Cursor.of(LOG, 1));
    }

    @Test
    void changes_nothing_if_it_is_refused() {
      attach(1, A);
      pull();
      subscriptions.pulled(1, batch(A, 1, 3, 10));
      attaching(2, A, OptionalLong.empty());

      subscriptions.refused(2, A);

      assertThat(events()).containsExactly("a1", "a2", "a3");
    }

    @Test
    void drops_what_the_pull_of_the_earlier_one_brings() {
      attach(1, A);
      pull();
      attach(2, A);
      Pull second = pull();

      subscriptions.pulled(1, batch(A, 1, 3, 10));
      assertThat(events()).isEmpty();

      subscriptions.pulled(second.subscription(), batch(A, 1, 1, 10));
      assertThat(events()).containsExactly("a1");
    }

    @Test
    void twice_ends_with_the_later_one_whatever_comes_back_first() {
      attaching(1, A, OptionalLong.empty());
      attaching(2, A, OptionalLong.empty());
      subscriptions.attached(2, A, LOG, 20);
      assertThat(subscriptions.nextPull()).isEmpty();
      subscriptions.attached(1, A, LOG, 10);

      assertThat(pull().cursor()).isEqualTo(Cursor.of(LOG, 20));
      assertThat(subscriptions.nextPull()).isEmpty();
    }
  }

  @Nested
  class Ending {
    @Test
    void drops_what_waits_and_gives_the_bytes_back() {
      for (int id = 1; id <= 50; id++) {
        attach(id, A);
        assertThat(pull().maxBytes()).isEqualTo(64 * 1024);
        subscriptions.pulled(id, batch(A, 1, 3, 10));
        assertThat(subscriptions.detach(A)).isTrue();
        assertThat(events()).isEmpty();
      }
      assertThat(subscriptions.detach(A)).isFalse();
      assertThat(subscriptions.size()).isZero();
    }

    @Test
    void before_the_ack_leaves_nothing_to_pull() {
      attaching(1, A, OptionalLong.empty());
      assertThat(subscriptions.detach(A)).isTrue();

      subscriptions.attached(1, A, LOG, 0);

      assertThat(subscriptions.nextPull()).isEmpty();
      assertThat(subscriptions.size()).isZero();
    }

    @Test
    void by_the_session_is_told_with_the_last_number_that_was_sent() {
      attach(1, A);
      pull();
      subscriptions.pulled(1, batch(A, 1, 4, 10));
      events();
      pull();

      Optional<Event> end = subscriptions.pulled(1, new PullReply.Detached("erased", "Gone."));

      assertThat(end)
          .contains(
              new Event(A, Covers.of(4), NOW, new EventBody.SessionDetached("erased", "Gone.")));
      assertThat(subscriptions.size()).isZero();
      assertThat(subscriptions.nextPull()).isEmpty();
    }

    @Test
    void by_the_session_is_told_with_number_one_if_nothing_was_sent() {
      attach(1, A);
      pull();

      assertThat(subscriptions.pulled(1, new PullReply.Detached("erased", "Gone.")))
          .hasValueSatisfying(event -> assertThat(event.seq()).isEqualTo(1));
    }

    @Test
    void of_all_leaves_nothing() {
      attach(1, A);
      pull();
      subscriptions.pulled(1, batch(A, 1, 4, 10));
      attach(2, B);

      subscriptions.clear();

      assertThat(events()).isEmpty();
      assertThat(subscriptions.nextPull()).isEmpty();
    }
  }

  @Test
  void room_is_for_so_many_sessions_and_for_one_that_is_here_already() {
    attach(1, A);
    attaching(2, B, OptionalLong.empty());

    assertThat(subscriptions.hasRoomFor(A)).isTrue();
    assertThat(subscriptions.hasRoomFor(new SessionId("c"))).isFalse();
    subscriptions.refused(2, B);
    assertThat(subscriptions.hasRoomFor(new SessionId("c"))).isTrue();
  }

  @Test
  void sessions_with_large_and_small_events_take_turns_by_bytes() {
    attach(1, A);
    attach(2, B);
    pull();
    pull();
    subscriptions.pulled(1, batch(A, 1, 8, 8_000));
    subscriptions.pulled(2, batch(B, 1, 100, 500));
    long large = 0;
    long small = 0;
    for (int i = 0; i < 60; i++) {
      byte[] event = subscriptions.nextEvent().orElseThrow();
      if (new String(event, UTF_8).contains("\"session\":\"a\"")) {
        large += event.length;
      } else {
        small += event.length;
      }
    }

    assertThat(large - small).isBetween(-13_000L, 13_000L);
  }

  record Unreadable(int value) {
    @Override
    public int value() {
      throw new IllegalStateException("value: unreadable");
    }
  }

  @Test
  void an_event_that_has_no_json_leaves_the_pull_open() {
    attach(1, A);
    pull();
    var body =
        new EventBody.ToolCompleted(
            new TurnId("t"), new InvocationId("i"), new POJONode(new Unreadable(1)));
    var delivery = new Delivery(Covers.of(1), new LogEntry(A, Covers.of(1), NOW, body));

    assertThatThrownBy(
            () ->
                subscriptions.pulled(1, new PullReply.Batch(List.of(delivery), Cursor.of(LOG, 1))))
        .isInstanceOf(RuntimeException.class);

    assertThat(subscriptions.pulled(1, new PullReply.Detached("internal", "x"))).isPresent();
  }
}
