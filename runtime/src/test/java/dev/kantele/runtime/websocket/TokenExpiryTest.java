package dev.kantele.runtime.websocket;

import static dev.kantele.runtime.websocket.frame.ClientFrames.close;
import static dev.kantele.runtime.websocket.frame.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Secret;
import dev.kantele.runtime.security.Authentication;
import dev.kantele.runtime.security.Quotas;
import dev.kantele.runtime.service.NodeServices;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A connection lasts as long as its client's token, by a clock that a test moves. */
final class TokenExpiryTest {
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());

  private final MovedClock clock = new MovedClock();
  private final Quotas quotas = new Quotas(new Quotas.Limits(10, 1, 10_000, 10_000));
  private final WebSockets webSockets =
      WebSockets.of(
          new NodeServices(
              new FakeSessions(), TokenExpiryTest::judge, List::of, List::of, quotas, 1),
          TestSettings.webSocket("heartbeat = 1000h, hello-timeout = 10s, close-timeout = 5s"),
          clock);
  private final VirtualPeer peer = new VirtualPeer(webSockets, KIT.system());

  @AfterAll
  static void stop() {
    KIT.system().terminate();
  }

  /* A token is a principal and the seconds after the start at which it expires; or never. */
  private static CompletionStage<Authentication> judge(Optional<Secret> token, InetAddress remote) {
    String[] parts = token.orElseThrow().reveal().split(":", -1);
    return CompletableFuture.completedStage(
        parts[1].equals("bad")
            ? new Authentication.Refused("The token is not valid.")
            : new Authentication.Authenticated(
                parts[0],
                parts[1].equals("never")
                    ? Optional.empty()
                    : Optional.of(START.plusSeconds(Long.parseLong(parts[1])))));
  }

  private void greet(String token) {
    peer.send(
        text(
            "{\"type\":\"hello\",\"id\":\"h\",\"versions\":[1],\"client\":\"c\",\"token\":\"%s\"}"
                .formatted(token)));
    assertThat(peer.read().text()).contains("welcome");
    peer.settle();
  }

  private String refresh(String token) {
    peer.send(text("{\"type\":\"auth.refresh\",\"id\":\"r\",\"token\":\"%s\"}".formatted(token)));
    String reply = peer.read().text();
    peer.settle();
    return reply;
  }

  private void pass(Duration time) {
    clock.now = clock.now.plus(time);
    TIME.timePasses(time);
  }

  private void pass(long seconds) {
    pass(Duration.ofSeconds(seconds));
  }

  @Nested
  class With_a_token_of_a_minute {
    With_a_token_of_a_minute() {
      greet("ann:60");
    }

    @Test
    void it_is_open_for_a_minute_and_not_longer() {
      pass(Duration.ofMillis(59_999));
      peer.settle();

      pass(Duration.ofMillis(1));

      peer.assertClosed(4401);
    }

    @Test
    void a_new_token_of_the_same_principal_extends_it() {
      pass(59);
      assertThat(refresh("ann:120")).contains("\"ack\"");

      pass(60);
      peer.settle();
      pass(1);

      peer.assertClosed(4401);
    }

    @Test
    void a_new_token_that_does_not_expire_lets_it_be_open_for_good() {
      assertThat(refresh("ann:never")).contains("\"ack\"");

      pass(100_000);

      peer.settle();
    }

    @Test
    void another_principals_token_changes_nothing() {
      assertThat(refresh("bob:1000")).contains("forbidden");

      pass(60);

      peer.assertClosed(4401);
    }

    @Test
    void a_token_that_is_refused_changes_nothing() {
      assertThat(refresh("ann:bad")).contains("unauthenticated").doesNotContain("ann:bad");
      pass(59);
      peer.settle();

      pass(1);

      peer.assertClosed(4401);
    }

    @Test
    void its_place_is_free_afterwards() {
      assertThat(quotas.hasRoom("ann")).isFalse();
      pass(60);
      peer.assertClosed(4401);
      peer.send(close(4401, ""));
      assertThat(VirtualPeer.get(peer.out.pull())).isEmpty();
      peer.in.complete();

      VirtualPeer.get(webSockets.drain());

      assertThat(quotas.hasRoom("ann")).isTrue();
    }
  }

  @Test
  void a_token_of_years_needs_no_timer_of_years() {
    greet("ann:315360000");

    pass(Duration.ofDays(1));

    peer.settle();
  }

  @Test
  void a_clock_that_is_set_ahead_shows_within_the_hour() {
    greet("ann:86400");
    clock.now = START.plus(Duration.ofDays(2));

    TIME.timePasses(Duration.ofHours(1));

    peer.assertClosed(4401);
  }

  @Test
  void a_token_that_does_not_expire_ends_nothing() {
    greet("ann:never");

    pass(Duration.ofDays(1));

    peer.settle();
  }

  private static final class MovedClock extends Clock {
    volatile Instant now = START;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
