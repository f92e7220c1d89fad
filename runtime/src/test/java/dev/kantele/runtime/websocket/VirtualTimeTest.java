package dev.kantele.runtime.websocket;

import static dev.kantele.runtime.websocket.VirtualPeer.get;
import static dev.kantele.runtime.websocket.frame.ClientFrames.PING;
import static dev.kantele.runtime.websocket.frame.ClientFrames.PONG;
import static dev.kantele.runtime.websocket.frame.ClientFrames.close;
import static dev.kantele.runtime.websocket.frame.ClientFrames.frame;
import static dev.kantele.runtime.websocket.frame.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.security.Authenticator;
import dev.kantele.runtime.security.Quotas;
import dev.kantele.runtime.service.NodeServices;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A connection without a socket, whose time a test moves. */
final class VirtualTimeTest {
  private static final Duration HALF = Duration.ofSeconds(10);
  private static final byte[] HELLO =
      text("{\"type\":\"hello\",\"id\":\"h\",\"versions\":[1],\"client\":\"c\"}");

  private static final ByteString TEN_PINGS = tenPings();

  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());

  private final FakeSessions sessions = new FakeSessions();
  private final BreakableClock clock = new BreakableClock();
  private final WebSockets webSockets =
      WebSockets.of(
          new NodeServices(
              sessions,
              Authenticator.loopback(),
              List::of,
              List::of,
              new Quotas(new Quotas.Limits(1_000, 1_000, 10_000, 10_000)),
              1),
          TestSettings.webSocket("heartbeat = 20s, hello-timeout = 10s, close-timeout = 5s"),
          clock);
  private final VirtualPeer peer = new VirtualPeer(webSockets, KIT.system());

  @AfterAll
  static void stop() {
    KIT.system().terminate();
  }

  private static ByteString tenPings() {
    ByteString pings = ByteString.emptyByteString();
    for (int i = 0; i < 10; i++) {
      pings = pings.concat(ByteString.fromArray(frame(true, PING, new byte[125])));
    }
    return pings;
  }

  private void greet() {
    peer.send(HELLO);
    get(peer.out.pull());
  }

  @Test
  void a_hello_must_come_within_its_time() {
    peer.settle();
    TIME.timePasses(Duration.ofMillis(9_999));
    peer.settle();

    TIME.timePasses(Duration.ofMillis(1));

    peer.assertClosed(4400);
  }

  @Test
  void after_the_hello_its_time_means_nothing() {
    greet();
    peer.settle();

    TIME.timePasses(Duration.ofSeconds(11));

    peer.settle();
  }

  @Test
  void who_answers_pings_stays() {
    greet();
    for (int i = 0; i < 8; i++) {
      peer.settle();
      TIME.timePasses(HALF);
      peer.settle();
      TIME.timePasses(HALF);
      assertThat(peer.read().opcode()).isEqualTo(PING);
      peer.send(frame(true, PONG, new byte[0]));
    }
    peer.settle();
  }

  @Test
  void who_says_nothing_is_given_up_after_two_and_a_half_heartbeats_at_the_least() {
    greet();
    peer.settle();
    TIME.timePasses(HALF);
    TIME.timePasses(HALF);
    assertThat(peer.read().opcode()).isEqualTo(PING);
    TIME.timePasses(HALF);
    TIME.timePasses(HALF);
    assertThat(peer.read().opcode()).isEqualTo(PING);
    TIME.timePasses(HALF);
    TIME.timePasses(HALF);

    peer.assertClosed(4408);
  }

  @Test
  void a_close_is_awaited_for_its_time_and_no_longer() {
    greet();
    peer.send(text("{\"type\":\"goodbye\",\"id\":\"g\"}"));
    assertThat(peer.read().text()).contains("ack");
    peer.assertClosed(1000);
    CompletionStage<?> end = peer.out.pull();

    TIME.timePasses(Duration.ofSeconds(5));

    assertThatThrownBy(() -> get(end))
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("The peer did not close in time.");
    get(webSockets.drain());
  }

  @Test
  void a_close_that_is_answered_in_time_is_the_end() {
    greet();
    peer.send(text("{\"type\":\"goodbye\",\"id\":\"g\"}"));
    assertThat(peer.read().text()).contains("ack");
    peer.assertClosed(1000);

    peer.send(close(1000, ""));

    assertThat(get(peer.out.pull())).isEmpty();
    get(webSockets.drain());
  }

  @Test
  void when_both_have_closed_it_reads_on_to_the_end_but_not_for_ever() {
    greet();
    peer.send(close(1000, ""));
    peer.assertClosed(1000);
    assertThat(get(peer.out.pull())).isEmpty();

    peer.send(text("after the close"));
    assertThat(peer.in.watchCompletion().toCompletableFuture()).isNotDone();
    TIME.timePasses(Duration.ofSeconds(5));

    get(peer.in.watchCompletion());
  }

  @Test
  void a_bug_is_answered_and_the_connection_lives() {
    greet();
    clock.broken = true;
    peer.send(text("{\"type\":\"ping\",\"id\":\"p\"}"));
    RawPeer.Frame nack = peer.read();
    clock.broken = false;

    assertThat(nack.text()).contains("\"re\":\"p\"", "\"code\":\"internal\"");
    peer.settle();
  }

  @Test
  void replies_that_nobody_reads_stop_the_reading() {
    greet();
    var accepted = new ArrayList<CompletionStage<?>>();
    for (int i = 0; i < 1_000; i++) {
      var offer =
          peer.in.offer(ByteString.fromArray(frame(true, PONG, new byte[0])).concat(TEN_PINGS));
      accepted.add(offer);
      if (!completes(offer)) {
        break;
      }
    }
    assertThat(accepted).as("1,270 bytes of pongs each").hasSizeBetween(200, 400);

    for (int i = 0; i < accepted.size() * 10; i++) {
      assertThat(peer.read().opcode()).isEqualTo(PONG);
    }
    get(accepted.getLast());
  }

  /** Whether a stage completes soon; that it does not can only be waited for a while. */
  private static boolean completes(CompletionStage<?> stage) {
    try {
      stage.toCompletableFuture().get(200, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void who_talks_but_takes_nothing_is_dropped() {
    greet();
    for (int i = 0; i < 100; i++) {
      sessions.append(new SessionId("s"), 10_000);
    }
    peer.send(text("{\"type\":\"session.attach\",\"id\":\"a\",\"session\":\"s\",\"after\":0}"));
    for (int half = 0; half < 6; half++) {
      peer.send(frame(true, PONG, new byte[0]));
      TIME.timePasses(HALF);
    }
    TIME.timePasses(HALF);
    TIME.timePasses(HALF);

    get(peer.in.watchCompletion());
    get(webSockets.drain());
    assertThat(sessions.deliveredBytes()).isLessThan(500_000);
  }

  private static final class BreakableClock extends Clock {
    volatile boolean broken;

    @Override
    public Instant instant() {
      if (broken) {
        throw new IllegalStateException("clock: broken");
      }
      return Instant.EPOCH;
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
