package dev.kantele.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kantele.runtime.poller.PollerLoop;
import dev.kantele.runtime.poller.dispatcher.PollerLoops;
import dev.kantele.runtime.security.Authentication;
import dev.kantele.runtime.transport.NativeTcp;
import dev.kantele.runtime.websocket.TestFront;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node tells of its poll loops. */
@Timeout(60)
final class LoopsTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private final ActorSystem<Void> system = TestFront.system();

  @AfterEach
  void stop() {
    http.close();
    system.terminate();
  }

  private HttpResponse<String> ask(TestFront front, String... headers) throws Exception {
    var request =
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + front.address().getPort() + "/v1/loops"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonNode loops(HttpResponse<String> response) throws Exception {
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode body = new JsonMapper().readTree(response.body());
    assertThat(OpenApiTest.schema("Loops").validate(body)).isEmpty();
    return body.path("loops");
  }

  @Test
  void each_loop_is_told_as_the_description_says() throws Exception {
    assumeThat(NativeTcp.obstacle()).isEmpty();
    try (TestFront front = TestFront.start(system, "", Optional.of(NativeTcp.of(system)))) {
      JsonNode loop = loops(ask(front)).path(0);

      assertThat(loop.path("name").asText()).isEqualTo(PollerLoops.DISPATCHER);
      assertThat(loop.path("state").asText()).isEqualTo("running");
      assertThat(loop.path("tasks").asLong()).isPositive();
      // The listener; this connection only if a tick has begun since it came.
      assertThat(loop.path("sources").asInt()).isBetween(1, 2);
      assertThat(loop.path("wakeups_by_cap_with_work").asLong()).isZero();
    }
  }

  @Test
  void a_loop_that_is_held_up_is_told_of_by_another_that_is_not() throws Exception {
    assumeThat(NativeTcp.obstacle()).isEmpty();
    try (TestFront front = TestFront.start(system, "", Optional.of(NativeTcp.of(system)))) {
      PollerLoop other = PollerLoops.of(system).loop("held-up-dispatcher");
      var held = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      other.execute(
          () -> {
            held.countDown();
            await(release);
          });
      await(held);
      other.execute(() -> {});

      JsonNode told = loops(ask(front)).path(1);

      assertThat(told.path("name").asText()).isEqualTo("held-up-dispatcher");
      assertThat(told.at("/depth/foreign/now").asInt()).isEqualTo(1);
      release.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void there_is_none_on_the_portable_transport() throws Exception {
    try (TestFront front = TestFront.start(system, "", Optional.empty())) {
      assertThat(loops(ask(front))).isEmpty();
    }
  }

  @Test
  void who_may_not_use_the_node_is_not_told() throws Exception {
    try (TestFront front =
        TestFront.start(
            system,
            "",
            (token, _) ->
                CompletableFuture.completedStage(
                    token.isPresent()
                        ? new Authentication.Authenticated("ann")
                        : new Authentication.Refused("This node wants a token.")))) {
      assertThat(ask(front).statusCode()).isEqualTo(401);
      assertThat(ask(front, "Authorization", "Bearer t").statusCode()).isEqualTo(200);
    }
  }
}
