package dev.kantele.runtime;

import static dev.kantele.runtime.TestKantele.ack;
import static dev.kantele.runtime.TestKantele.cancel;
import static dev.kantele.runtime.TestKantele.get;
import static dev.kantele.runtime.TestKantele.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody.StreamCompleted;
import dev.kantele.protocol.EventBody.StreamFailed;
import dev.kantele.protocol.EventBody.TextDelta;
import dev.kantele.protocol.EventBody.ToolCompleted;
import dev.kantele.protocol.EventBody.TurnCancelled;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.EventBody.TurnFailed;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.model.http.FakeVendor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a turn whatever a server does that is called as OpenAI's is. */
@Timeout(60)
final class OpenAiTurnTest {
  private static final String MODEL = "openai/some/model";
  private static final String KEY = "sk-test-0123456789";

  /** Not shared by the tests: each has a server of its own, and so a node. */
  private final FakeVendor server = new FakeVendor();

  private final TestKantele node = node("");

  private final Session session = node.open();
  private final Subscriber subscriber = Subscriber.of(session);

  /** A node that is as patient as it is by default, but for {@code settings} of the provider. */
  private TestKantele node(String settings) {
    return TestKantele.start(
        """
        kantele.models.openai {
          base-url = "%s/v1"
          api-key = "%s"
          %s
        }
        pekko.loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
        pekko.logging-filter = "org.apache.pekko.event.slf4j.Slf4jLoggingFilter"
        pekko.loglevel = DEBUG
        """
            .formatted(server.url(), KEY, settings));
  }

  @AfterEach
  void stop() {
    node.close();
    server.close();
  }

  private void start() {
    session.prompt(prompt(session, MODEL));
  }

  private static String said(String text) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
  }

  private static String finish(String reason) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\""
        + reason
        + "\"}]}\n\n";
  }

  private static final String DONE = "data: [DONE]\n\n";

  private static String answer(String text) {
    return FakeVendor.HEAD + said(text) + finish("stop") + DONE;
  }

  private TurnFailed failure() {
    return (TurnFailed) subscriber.awaitTurnEnd();
  }

  @Nested
  class AnAnswer {
    @Test
    void is_what_the_turn_says() {
      server.then(
          FakeVendor.HEAD
              + ": keep-alive\n\n"
              + said("Hel")
              + said("lo \u4E16.")
              + finish("stop")
              + """
                data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":3}}}

                """
              + DONE);

      start();

      var end = (TurnCompleted) subscriber.awaitTurnEnd();
      assertThat(end.usage()).isEqualTo(new Usage(9, 4, 3));
      assertThat(subscriber.seen(StreamCompleted.class))
          .extracting(stream -> stream.message().text())
          .containsExactly("Hello \u4E16.");
      var call = server.call();
      assertThat(call.head())
          .startsWith("POST /v1/chat/completions HTTP/1.1\r\n")
          .contains("\r\nAuthorization: Bearer " + KEY + "\r\n")
          .contains("\r\nContent-Type: application/json\r\n")
          .contains("\r\nHost: " + server.url().substring("http://".length()) + "\r\n");
      assertThat(TestTool.json(call.body()).path("model").textValue()).isEqualTo("some/model");
      assertThat(TestTool.json(call.body()).path("stream").booleanValue()).isTrue();
    }

    @Test
    void in_http_chunks_is_the_same_wherever_they_are_cut() {
      String stream = said("h\u00E9llo") + finish("stop") + DONE;
      server.then(
          call -> {
            call.write(FakeVendor.CHUNKED_HEAD);
            for (byte each : stream.getBytes(StandardCharsets.UTF_8)) {
              call.write(new byte[] {'1', '\r', '\n', each, '\r', '\n'});
            }
            call.write("0\r\n\r\n");
          });

      start();

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.seen(StreamCompleted.class).getLast().message().text())
          .isEqualTo("h\u00E9llo");
    }

    @Test
    void is_known_to_be_whole_although_the_connection_stays_open() throws Exception {
      server.then(
          call -> {
            call.write(answer("Done."));
            call.hold();
          });

      start();

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      server.call().closed().get(1, TimeUnit.SECONDS);
    }

    @Test
    void with_a_tool_call_in_fragments_runs_the_tool_and_goes_on() {
      server
          .then(
              FakeVendor.HEAD
                  + """
                  data: {"choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"look","arguments":""}}]}}]}

                  data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"a\\""}}]}}]}

                  data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}}]}

                  """
                  + finish("tool_calls")
                  + DONE)
          .then(answer("Seen."));

      start();
      node.look.next(session.id()).result.complete(TextNode.valueOf("a bird"));

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.seen(ToolCompleted.class)).hasSize(1);
      server.call();
      JsonNode messages = TestTool.json(server.call().body()).path("messages");
      JsonNode asked = messages.get(messages.size() - 2);
      JsonNode result = messages.get(messages.size() - 1);
      assertThat(asked.at("/tool_calls/0/function/arguments").textValue()).isEqualTo("{\"a\":1}");
      assertThat(result.path("role").textValue()).isEqualTo("tool");
      assertThat(result.path("content").textValue()).isEqualTo("a bird");
      assertThat(result.path("tool_call_id")).isEqualTo(asked.at("/tool_calls/0/id"));
    }
  }

  @Nested
  class AServerThat {
    @ParameterizedTest
    @ValueSource(strings = {"", "data: [DONE]\n\n", "data: {\"choi"})
    void ends_its_answer_without_a_finish_has_failed(String end) {
      server.then(FakeVendor.HEAD + said("Half an ans") + end).then(answer("An answer."));

      start();

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.seen(StreamFailed.class))
          .extracting(stream -> stream.error().code())
          .containsExactly("incomplete");
      assertThat(subscriber.seen(StreamCompleted.class))
          .extracting(stream -> stream.message().text())
          .containsExactly("An answer.");
    }

    @Test
    void resets_the_connection_in_the_middle_is_called_again() {
      // A reset may overtake what was written before it.
      var seen = new CompletableFuture<Void>();
      server
          .then(
              call -> {
                call.write(FakeVendor.HEAD + said("Half"));
                seen.join();
                call.reset();
              })
          .then(answer("Whole."));

      start();
      subscriber.await(TextDelta.class);
      seen.complete(null);

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.seen(StreamFailed.class))
          .extracting(stream -> stream.error().code())
          .containsExactly("network");
    }

    @Test
    void cuts_its_chunks_off_is_called_again() {
      server
          .then(
              call -> {
                call.write(FakeVendor.CHUNKED_HEAD);
                call.chunk(said("Half"));
              })
          .then(answer("Whole."));

      start();

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.seen(StreamFailed.class)).hasSize(1);
    }

    @Test
    void sends_chunks_that_are_none_is_called_again() {
      server
          .then(
              call -> {
                call.write(FakeVendor.CHUNKED_HEAD);
                call.chunk(said("Half"));
                call.write("so long\r\n" + said("a part") + "\r\n");
              })
          .then(answer("Whole."));

      start();

      assertThat(subscriber.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(subscriber.seen(StreamFailed.class)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "SSH-2.0-OpenSSH_9.2\r\n",
          "\0\1\2\3\4\5\6\7\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {garbage\n\n",
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: [1, 2]\n\n",
          "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Log in</html>",
        })
    void sends_garbage_fails_the_turn(String garbage) {
      server.then(garbage);

      start();

      assertThat(failure().error().code()).isEqualTo("provider_error");
      assertThat(subscriber.open()).isEmpty();
    }

    @Test
    void sends_a_gigabyte_without_a_newline_is_cut_off() {
      server.then(
          call -> {
            call.write(FakeVendor.HEAD + "data: ");
            byte[] block = new byte[64 * 1024];
            Arrays.fill(block, (byte) 'x');
            for (int i = 0; i < 16 * 1024; i++) {
              call.write(block);
            }
          });

      start();

      assertThat(failure().error().code()).isEqualTo("limit_exceeded");
      var call = server.call();
      get(call.closed());
      assertThat(call.written()).isLessThan(64 * 1024 * 1024);
    }

    @Test
    void is_not_there_fails_the_turn() {
      server.close();

      start();

      assertThat(failure().error().code()).isEqualTo("network");
    }

    @Test
    void breaks_off_with_an_error_fails_the_turn_by_it() {
      server.then(
          FakeVendor.HEAD
              + said("Half")
              + "data: {\"error\":{\"message\":\"no memory\",\"type\":\"server_error\"}}\n\n");

      start();

      assertThat(failure().error().message()).contains("no memory");
    }

    @Test
    void does_not_take_the_key_is_not_called_again() {
      server.then(
          "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\n\r\n"
              + "{\"error\":{\"message\":\"Incorrect API key provided: "
              + KEY
              + "\",\"code\":\"invalid_api_key\"}}");

      start();

      assertThat(failure().error().code()).isEqualTo("unauthenticated");
      assertThat(subscriber.seen(StreamFailed.class)).hasSize(1);
      assertThat(subscriber.seen())
          .extracting(Event::toString)
          .noneMatch(text -> text.contains(KEY));
    }
  }

  @Nested
  class AServerThatFallsSilent {
    @Test
    void before_it_answers_is_called_again_and_then_given_up() {
      server.then(FakeVendor.Call::hold);

      try (TestKantele impatient = node("first-event-timeout = 1s")) {
        Subscriber events = prompted(impatient);

        assertThat(((TurnFailed) events.awaitTurnEnd()).error().code()).isEqualTo("timeout");
        assertThat(events.seen(StreamFailed.class))
            .extracting(StreamFailed::willRetry)
            .containsExactly(true, true, false);
        for (int i = 0; i < 3; i++) {
          get(server.call().closed());
        }
      }
    }

    @Test
    void in_the_middle_of_a_character_is_given_up_and_shows_no_half_of_it() {
      server.then(
          call -> {
            call.write(FakeVendor.HEAD + said("So far"));
            byte[] more = said("\u20AC").getBytes(StandardCharsets.UTF_8);
            call.write(Arrays.copyOf(more, more.length - 8));
            call.hold();
          });

      try (TestKantele impatient = node("idle-timeout = 1s")) {
        Subscriber events = prompted(impatient);

        assertThat(((TurnFailed) events.awaitTurnEnd()).error().code()).isEqualTo("timeout");
        assertThat(events.seen(StreamFailed.class))
            .extracting(stream -> stream.message().text())
            .containsOnly("So far");
      }
    }

    private static Subscriber prompted(TestKantele node) {
      Session session = node.open();
      Subscriber events = Subscriber.of(session);
      session.prompt(prompt(session, MODEL));
      return events;
    }
  }

  @Nested
  class ACancel {
    @Test
    void closes_a_connection_on_which_nothing_was_answered() throws Exception {
      server.then(FakeVendor.Call::hold);
      start();
      var call = server.call();

      cancelWithin(call);
    }

    @Test
    void closes_a_connection_in_the_middle_of_an_answer() throws Exception {
      server.then(
          call -> {
            call.write(FakeVendor.HEAD + said("So far"));
            call.hold();
          });
      start();
      subscriber.await(TextDelta.class);

      cancelWithin(server.call());
    }

    @Test
    void closes_a_connection_that_is_full_of_what_is_to_come() throws Exception {
      server.then(OpenAiTurnTest::flood);
      start();
      subscriber.await(TextDelta.class);

      cancelWithin(server.call());
    }

    private void cancelWithin(FakeVendor.Call call)
        throws InterruptedException, ExecutionException, TimeoutException {
      ack(session.submit(cancel(session)));
      call.closed().get(1, TimeUnit.SECONDS);
      var end = (TurnCancelled) subscriber.awaitTurnEnd();
      assertThat(end.abandoned()).isEmpty();
      assertThat(subscriber.open()).isEmpty();
    }
  }

  private static void flood(FakeVendor.Call call) throws IOException {
    call.write(FakeVendor.HEAD);
    while (!call.closed().isDone()) {
      call.write(said("more ").repeat(100));
    }
  }

  @Nested
  class TheKey {
    @Test
    void is_in_no_log_and_no_event_whatever_happens() {
      try (var log = CapturedLog.ofEverything()) {
        server
            .then(FakeVendor.HEAD + said("a") + "data: {\"error\":\"" + KEY + "\"}\n\n")
            .then(call -> call.reset())
            .then(
                "HTTP/1.1 400 Bad\r\nContent-Type: application/json\r\n\r\n{\"error\":\""
                    + KEY
                    + "\"}");

        start();

        assertThat(failure().error().code()).isEqualTo("invalid_request");
        assertThat(server.call().head()).contains(KEY);
        assertThat(log.lines()).isNotEmpty().noneMatch(line -> line.contains(KEY));
        assertThat(subscriber.seen())
            .extracting(Event::toString)
            .noneMatch(text -> text.contains(KEY));
      }
    }

    @Test
    void is_not_in_the_configuration_of_the_actor_system() {
      assertThat(node.kantele.system().settings().config().root().render()).doesNotContain(KEY);
    }
  }
}
