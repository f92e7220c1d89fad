package dev.kantele.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.security.Quotas;
import dev.kantele.runtime.websocket.FakeSessions;
import dev.kantele.runtime.websocket.TestFront;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Event streams without a socket, whose time a test moves. */
final class EventsEndpointTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final SessionId SESSION = new SessionId("s");

  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());

  private final Quotas quotas = new Quotas(new Quotas.Limits(1, 1, 10, 10));
  private final FakeSessions sessions = new FakeSessions();
  private final EventsEndpoint endpoint =
      new EventsEndpoint(
          sessions,
          quotas,
          new WireCodec(),
          Clock.fixed(NOW, ZoneOffset.UTC),
          Duration.ofSeconds(20));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private HttpResponse ask(Optional<Instant> until) {
    var ann = new ClientKey("ann", new ClientId("c"));
    return TestFront.get(
        endpoint.respond(
            HttpRequest.GET("/v1/sessions/s/events"), new Caller.Known(ann, until), SESSION));
  }

  private static SinkQueueWithCancel<ByteString> read(HttpResponse response) {
    assertThat(response.status().intValue()).isEqualTo(200);
    return response
        .entity()
        .getDataBytes()
        .<SinkQueueWithCancel<ByteString>>runWith(Sink.queue(1), KIT.system());
  }

  private static String next(SinkQueueWithCancel<ByteString> stream) {
    return TestFront.get(stream.pull()).orElseThrow().utf8String();
  }

  /* The place is given back in the common pool, where that waits before the reader sees the end. */
  private static void assertEnds(CompletionStage<Optional<ByteString>> next) {
    assertThat(TestFront.get(next)).isEmpty();
    assertThat(ForkJoinPool.commonPool().awaitQuiescence(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_response_that_nobody_reads_takes_no_place() {
    for (int i = 0; i < 10; i++) {
      assertThat(ask(Optional.empty()).status().intValue()).isEqualTo(200);
    }

    assertThat(quotas.hasRoom("ann")).isTrue();
  }

  @Test
  void a_stream_has_its_place_until_it_ends() {
    sessions.append(SESSION, 1);
    SinkQueueWithCancel<ByteString> stream = read(ask(Optional.empty()));
    assertThat(next(stream)).startsWith("id: log-1:1\n");

    assertThat(ask(Optional.empty()).status().intValue()).isEqualTo(429);
    endpoint.drain();
    assertEnds(stream.pull());

    assertThat(ask(Optional.empty()).status().intValue()).isEqualTo(200);
  }

  @Test
  void of_two_that_come_for_the_last_place_together_one_is_told_in_its_stream() {
    sessions.append(SESSION, 1);
    HttpResponse first = ask(Optional.empty());
    HttpResponse second = ask(Optional.empty());

    assertThat(next(read(first))).startsWith("id: log-1:1\n");
    SinkQueueWithCancel<ByteString> late = read(second);
    assertThat(next(late))
        .contains("session.detached", "rate_limited", "Principal ann has 1 connections")
        .doesNotContain("id:");
    assertThat(TestFront.get(late.pull())).isEmpty();
  }

  @Test
  void a_stream_ends_when_its_callers_token_expires() {
    sessions.append(SESSION, 1);
    SinkQueueWithCancel<ByteString> stream = read(ask(Optional.of(NOW.plusSeconds(30))));
    assertThat(next(stream)).contains("warning");
    var end = stream.pull().toCompletableFuture();

    TIME.timePasses(Duration.ofMillis(29_999));
    sessions.append(SESSION, 1);
    assertThat(TestFront.get(end).orElseThrow().utf8String()).contains("warning");
    end = stream.pull().toCompletableFuture();
    TIME.timePasses(Duration.ofMillis(1));

    assertEnds(end);
    assertThat(quotas.hasRoom("ann")).isTrue();
  }

  @Test
  void a_token_of_years_needs_no_timer_of_years() {
    sessions.append(SESSION, 1);

    assertThat(next(read(ask(Optional.of(Instant.MAX))))).contains("warning");
  }
}
