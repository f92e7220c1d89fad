package dev.kantele.protocol.client;

import static dev.kantele.protocol.client.ClientHarness.CONNECT_LIMIT;
import static dev.kantele.protocol.client.ClientHarness.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.Secret;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.client.ConnectionEndedException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KanteleClientTest extends FakeNodeFixture {
  private static Command.Ping ping(String id) {
    return new Command.Ping(new CommandId(id));
  }

  @Nested
  class Connecting {
    @Test
    void tells_the_node_who_comes_and_with_which_token() {
      var hello = new CompletableFuture<Command.Hello>();
      node.then(
          peer -> {
            peer.upgrade();
            Command.Hello came = peer.next(Command.Hello.class);
            hello.complete(came);
            peer.welcome(came).waitForTheEnd();
          });

      harness.connect(harness.settings().token(new Secret("t0ken")));

      assertThat(join(hello).client().value()).isEqualTo("me");
      assertThat(join(hello).versions()).containsExactly(1);
      assertThat(join(hello).token()).contains(new Secret("t0ken"));
    }

    @Test
    void takes_a_name_of_its_own_where_none_is_given() {
      assertThat(ClientSettings.of(node.url()).client())
          .isNotEqualTo(ClientSettings.of(node.url()).client());
    }

    @Test
    void says_that_no_node_answers() throws IOException {
      node.close();

      assertThatThrownBy(harness::connect)
          .isInstanceOf(ConnectionEndedException.class)
          .hasMessage("the connection to %s ended because nobody answered".formatted(node.url()))
          .extracting("reason")
          .isEqualTo(Reason.UNREACHABLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504})
    void says_that_the_node_is_not_ready(int status) {
      node.then(peer -> peer.refuse(status));

      assertThatThrownBy(harness::connect)
          .hasMessageEndingWith("the node is not ready")
          .extracting("reason")
          .isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void lists_sessions_and_models_page_by_page() {
      node.then(
          peer -> {
            peer.greet();
            Command.SessionList list = peer.next(Command.SessionList.class);
            came.add(list);
            peer.ack(
                list.id(),
                new AckBody.Sessions(
                    List.of(new AckBody.SessionSummary(Peer.SESSION)), Optional.of("s2")));
            Command.ModelsList models = peer.next(Command.ModelsList.class);
            came.add(models);
            peer.nack(models, ErrorCode.INVALID_ARGUMENT).waitForTheEnd();
          });
      KanteleClient client = harness.connect();

      assertThat(join(client.sessions(7, Optional.of("s"))).nextPage()).contains("s2");
      assertThatThrownBy(() -> join(client.models(8, Optional.empty())))
          .isInstanceOf(CommandRefusedException.class);
      assertThat(came)
          .satisfiesExactly(
              one -> {
                assertThat(((Command.SessionList) one).limit()).hasValue(7);
                assertThat(((Command.SessionList) one).page()).contains("s");
              },
              one -> assertThat(((Command.ModelsList) one).limit()).hasValue(8));
    }

    @Test
    void says_that_something_else_answers() {
      node.then(peer -> peer.refuse(404));

      assertThatThrownBy(harness::connect)
          .hasMessageEndingWith("it answers, but not as a Kantele node (HTTP 404)")
          .extracting("reason")
          .isEqualTo(Reason.BROKEN);
    }

    @Test
    void gives_up_a_node_that_does_not_welcome_in_time() throws InterruptedException {
      node.then(peer -> peer.upgrade().waitForTheEnd());

      CompletableFuture<KanteleClient> client = harness.connectAsync(harness.settings());
      harness.timers.fire(CONNECT_LIMIT);

      assertThatThrownBy(() -> join(client)).hasMessageEndingWith("nobody answered within 7000 ms");
    }

    @Test
    void passes_on_why_the_greeting_was_refused() {
      node.then(
          peer -> {
            peer.upgrade();
            peer.nack(peer.next(Command.Hello.class), ErrorCode.UNAUTHENTICATED).leave(4401);
          });

      assertThatThrownBy(harness::connect)
          .isInstanceOf(CommandRefusedException.class)
          .hasMessage("No: unauthenticated")
          .extracting("code")
          .isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void fails_where_the_token_can_not_be_had_without_telling_more() {
      assertThatThrownBy(
              () ->
                  harness.connect(
                      harness
                          .settings()
                          .token(
                              () -> {
                                throw new IllegalStateException("s3cret");
                              })))
          .hasMessageContaining("IllegalStateException")
          .hasMessageNotContaining("s3cret");
    }
  }

  @Nested
  class Settings {
    @Test
    void keep_what_is_not_changed() {
      Supplier<Optional<Secret>> token = () -> Optional.of(new Secret("t0ken"));
      Consumer<ConnectionChange> listener = _ -> {};

      assertThat(
              ClientSettings.of("http://h:1")
                  .client("me")
                  .token(token)
                  .backoff(Duration.ofMillis(1), Duration.ofMillis(2))
                  .limits(Duration.ofMillis(3), Duration.ofMillis(4))
                  .eventWindow(5)
                  .maxPending(6)
                  .restartUnknownCursors(true)
                  .onChange(listener))
          .isEqualTo(
              new ClientSettings(
                  "http://h:1",
                  new ClientId("me"),
                  token,
                  new Backoff(Duration.ofMillis(1), Duration.ofMillis(2)),
                  Duration.ofMillis(3),
                  Duration.ofMillis(4),
                  5,
                  6,
                  /* restartUnknownCursors= */ true,
                  listener));
    }

    @Test
    void never_show_the_token() {
      assertThat(ClientSettings.of("http://h:1").client("me").token(new Secret("t0ken")))
          .hasToString(
              "ClientSettings[url=http://h:1, client=me, backoff=Backoff[min=PT0.1S, max=PT30S]]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h:1", "ftp://h", "http://", "http://a b"})
    void refuse_what_is_no_address(String url) {
      assertThatThrownBy(() -> ClientSettings.of(url))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected: an address such as http://127.0.0.1:8080");
    }

    @Test
    void refuse_a_password_in_the_address_without_repeating_it() {
      assertThatThrownBy(() -> ClientSettings.of("https://me:s3cret@h"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("s3cret");
    }
  }

  @Nested
  class Commands {
    @Test
    void are_answered_by_the_reply_with_their_id() {
      node.then(
          peer -> {
            peer.greet();
            Command first = peer.next();
            Command second = peer.next();
            peer.send(new Reply.Pong(new CommandId("another")));
            peer.send(new Reply.Pong(second.id()));
            peer.send(new Reply.Pong(first.id())).send(new Reply.Pong(first.id()));
            peer.waitForTheEnd();
          });

      KanteleClient client = harness.connect();
      CompletableFuture<Reply> one = client.submit(ping("one"));
      CompletableFuture<Reply> two = client.submit(ping("two"));

      assertThat(join(one)).isEqualTo(new Reply.Pong(new CommandId("one")));
      assertThat(join(two)).isEqualTo(new Reply.Pong(new CommandId("two")));
    }

    @Test
    void that_are_refused_get_the_refusal() {
      node.then(
          peer -> {
            peer.greet();
            peer.nack(peer.next(), ErrorCode.FORBIDDEN).waitForTheEnd();
          });

      assertThat(join(harness.connect().submit(ping("p"))))
          .isEqualTo(Reply.Nack.of(new CommandId("p"), ErrorCode.FORBIDDEN, "No: forbidden"));
    }

    @Test
    void fail_with_the_refusal_where_an_answer_is_expected() {
      node.then(
          peer -> {
            peer.greet();
            peer.nack(peer.next(), ErrorCode.SESSION_CLOSED).waitForTheEnd();
          });
      KanteleClient client = harness.connect();

      assertThatThrownBy(() -> client.open("s"))
          .isInstanceOf(CommandRefusedException.class)
          .hasMessage("No: session_closed")
          .extracting("code")
          .isEqualTo(ErrorCode.SESSION_CLOSED);
    }

    @Test
    void may_be_large_either_way() {
      String large = "ä€🕘".repeat(30_000);
      node.then(
          peer -> {
            peer.greet();
            Command.SessionList list = peer.next(Command.SessionList.class);
            assertThat(list.page()).contains(large);
            assertThat(peer.fragments()).isGreaterThan(1);
            peer.sendInFragments(
                """
                {"type":"ack","re":"%s","sessions":[],"next_page":"%s"}"""
                    .formatted(list.id(), large));
            peer.waitForTheEnd();
          });

      Reply reply =
          join(
              harness
                  .connect()
                  .submit(
                      new Command.SessionList(
                          new CommandId("l"), java.util.OptionalInt.empty(), Optional.of(large))));

      assertThat(reply)
          .isEqualTo(
              Reply.Ack.of(
                  new CommandId("l"), new AckBody.Sessions(List.of(), Optional.of(large))));
    }

    @Test
    void that_are_larger_than_the_node_takes_are_refused_here() {
      node.then(peer -> peer.greet().waitForTheEnd());

      Reply reply =
          join(
              harness
                  .connect()
                  .submit(
                      new Command.SessionList(
                          new CommandId("l"),
                          java.util.OptionalInt.empty(),
                          Optional.of("x".repeat((int) Peer.FRAME_BYTES)))));

      assertThat(reply)
          .isInstanceOfSatisfying(
              Reply.Nack.class,
              nack -> {
                assertThat(nack.error().code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
                assertThat(nack.error().message()).contains("expected: at most 1048576");
              });
    }

    @Test
    void beyond_the_limit_of_those_that_wait_are_refused_here() {
      node.then(peer -> peer.greet().waitForTheEnd());
      KanteleClient client = harness.connect(harness.settings().maxPending(1));

      CompletableFuture<Reply> first = client.submit(ping("one"));
      Reply second = join(client.submit(ping("two")));

      assertThat(second)
          .isInstanceOfSatisfying(
              Reply.Nack.class,
              nack -> assertThat(nack.error().code()).isEqualTo(ErrorCode.QUEUE_FULL));
      assertThat(first).isNotDone();
    }

    @Test
    void that_the_client_gives_by_itself_are_misuse() throws IOException {
      node.then(peer -> peer.greet().waitForTheEnd());
      KanteleClient client = harness.connect();

      assertThatThrownBy(
              () ->
                  client.submit(new Command.SessionDetach(new CommandId("d"), new SessionId("s"))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "command: SessionDetach (expected: one that the client does not give by itself)");
    }
  }

  @Nested
  class Closing {
    @Test
    void fails_what_waits_with_the_reason() {
      node.then(peer -> peer.greet().waitForTheEnd());
      KanteleClient client = harness.connect();
      CompletableFuture<Reply> pending = client.submit(ping("p"));

      client.close();

      assertThatThrownBy(() -> join(pending))
          .isInstanceOf(ConnectionEndedException.class)
          .hasMessage("the client was closed")
          .extracting("reason")
          .isEqualTo(Reason.CLOSED_HERE);
    }

    @Test
    void fails_what_comes_later_and_may_be_repeated() {
      node.then(peer -> peer.greet().waitForTheEnd());
      KanteleClient client = harness.connect();
      client.close();
      client.close();

      CompletableFuture<Reply> late = client.submit(ping("p"));

      assertThatThrownBy(() -> join(late)).hasMessage("the client was closed");
    }

    @Test
    void leaves_no_timer_behind() {
      node.then(peer -> peer.greet().waitForTheEnd());

      harness.connect().close();

      assertThat(harness.timers.delays()).isEmpty();
    }

    @Test
    void says_so_to_the_node() {
      var end = new CompletableFuture<String>();
      node.then(
          peer -> {
            peer.greet();
            try {
              peer.next();
            } catch (IOException e) {
              end.complete(e.getMessage());
            }
          });

      harness.connect().close();

      assertThat(join(end)).isEqualTo("closed");
    }
  }
}
