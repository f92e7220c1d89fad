package dev.kantele.protocol.client;

import static dev.kantele.protocol.client.ClientHarness.MAX;
import static dev.kantele.protocol.client.ClientHarness.MIN;
import static dev.kantele.protocol.client.ClientHarness.RECONNECT_LIMIT;
import static dev.kantele.protocol.client.ClientHarness.join;
import static dev.kantele.protocol.client.ClientHarness.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.Secret;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.client.ConnectionEndedException.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReconnectTest extends FakeNodeFixture {
  private static final Duration HALF_HEARTBEAT = Duration.ofMillis(Peer.HEARTBEAT_MS / 2);

  private static Command.SessionStatus status(String id) {
    return new Command.SessionStatus(new CommandId(id), new SessionId("s"));
  }

  private FakeNode.Part answers(int commands) {
    return peer -> {
      peer.greet();
      for (int i = 0; i < commands; i++) {
        Command command = peer.next();
        came.add(command);
        peer.done(command);
      }
      peer.waitForTheEnd();
    };
  }

  private void awaitLost() throws InterruptedException {
    while (!(take(harness.changes) instanceof ConnectionChange.Lost)) {
      // It was told of the connection first.
    }
  }

  @Nested
  class A_lost_connection {
    @Test
    void is_made_again_and_what_has_no_reply_is_sent_again_in_its_order()
        throws InterruptedException {
      node.then(
          peer -> {
            peer.greet();
            came.add(peer.next());
            came.add(peer.next());
            came.add(peer.next());
            peer.done(status("b"));
            /* A reply may get lost with an end that follows directly on it. */
            came.add(peer.next());
          });
      node.then(answers(3));
      KanteleClient client = harness.connect();
      CompletableFuture<Reply> a = client.submit(status("a"));
      CompletableFuture<Reply> b = client.submit(status("b"));
      CompletableFuture<Reply> c = client.submit(status("c"));

      assertThat(join(b)).isEqualTo(Reply.Ack.of(new CommandId("b"), new AckBody.Done()));
      CompletableFuture<Reply> d = client.submit(status("d"));
      harness.endPause(MIN);

      join(a);
      join(c);
      join(d);
      assertThat(came)
          .extracting(command -> command.id().value())
          .containsExactly("a", "b", "c", "d", "a", "c", "d");
    }

    @Test
    void lets_new_commands_wait() throws InterruptedException {
      node.then(Peer::greet);
      node.then(answers(1));
      KanteleClient client = harness.connect();
      awaitLost();

      CompletableFuture<Reply> reply = client.submit(status("a"));
      harness.endPause(MIN);

      assertThat(join(reply)).isInstanceOf(Reply.Ack.class);
    }

    @Test
    void is_sought_with_pauses_that_double_up_to_the_longest() throws InterruptedException {
      node.then(Peer::greet);
      for (int i = 0; i < 5; i++) {
        node.then(peer -> peer.refuse(503));
      }
      node.then(answers(1));
      KanteleClient client = harness.connect();
      CompletableFuture<Reply> reply = client.submit(status("a"));

      harness.endPause(MIN);
      harness.endPause(MIN.multipliedBy(2));
      harness.endPause(MIN.multipliedBy(4));
      harness.endPause(MIN.multipliedBy(8));
      harness.endPause(MAX);
      harness.endPause(MAX);

      assertThat(join(reply)).isInstanceOf(Reply.Ack.class);
    }

    @Test
    void begins_with_the_shortest_pause_again_once_the_node_has_answered()
        throws InterruptedException {
      node.then(Peer::greet);
      node.then(peer -> peer.refuse(503));
      node.then(
          peer -> {
            peer.greet();
            peer.done(peer.next());
            peer.next();
          });
      node.then(answers(1));
      KanteleClient client = harness.connect();
      CompletableFuture<Reply> first = client.submit(status("a"));
      harness.endPause(MIN);
      harness.endPause(MIN.multipliedBy(2));
      join(first);

      CompletableFuture<Reply> second = client.submit(status("b"));
      harness.endPause(MIN);

      assertThat(join(second)).isInstanceOf(Reply.Ack.class);
    }

    @Test
    void is_told_of_with_the_reason_and_the_pause() throws InterruptedException {
      node.then(Peer::greet);
      node.then(answers(0));
      harness.connect();

      assertThat(take(harness.changes)).isEqualTo(new ConnectionChange.Connected());
      assertThat(take(harness.changes)).isEqualTo(new ConnectionChange.Lost("it broke off", MIN));
      harness.endPause(MIN);
      assertThat(take(harness.changes)).isEqualTo(new ConnectionChange.Connected());
    }

    @Test
    void is_given_up_after_a_while() throws InterruptedException {
      node.then(Peer::greet);
      KanteleClient client = harness.connect();
      CompletableFuture<Reply> reply = client.submit(status("a"));

      harness.timers.fire(RECONNECT_LIMIT);

      assertThatThrownBy(() -> join(reply))
          .hasMessage(
              "the connection to %s was lost (it broke off), and no node answered there for 60000 ms"
                  .formatted(node.url()))
          .extracting("reason")
          .isEqualTo(Reason.GIVEN_UP);
      assertThatThrownBy(() -> join(client.submit(status("b"))))
          .isInstanceOf(ConnectionEndedException.class);
    }

    @Test
    void asks_for_a_token_anew() throws InterruptedException {
      var tokens = new AtomicInteger();
      var second = new CompletableFuture<Command.Hello>();
      node.then(Peer::greet);
      node.then(
          peer -> {
            peer.upgrade();
            Command.Hello hello = peer.next(Command.Hello.class);
            second.complete(hello);
            peer.welcome(hello).waitForTheEnd();
          });
      harness.connect(
          harness.settings().token(() -> Optional.of(new Secret("t" + tokens.incrementAndGet()))));

      harness.endPause(MIN);

      assertThat(join(second).token()).contains(new Secret("t2"));
    }
  }

  @Nested
  class A_close_by_the_node {
    @ParameterizedTest
    @CsvSource({
      "1000, the node closed it",
      "1002, the node could not read what this client sent",
      "1009, a message was larger than the node takes",
      "4400, the node did not understand this client's greeting",
      "4409, another connection took this client's name"
    })
    void that_is_final_ends_the_client(int code, String because) {
      node.then(
          peer -> {
            peer.greet();
            peer.next();
            peer.leave(code);
          });
      KanteleClient client = harness.connect();

      CompletableFuture<Reply> reply = client.submit(status("a"));

      assertThatThrownBy(() -> join(reply))
          .hasMessage("the connection to %s ended because %s".formatted(node.url(), because))
          .extracting("reason")
          .isEqualTo(Reason.CLOSED_BY_NODE);
      assertThat(harness.timers.delays()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1011, 1012, 1013, 4408})
    void that_may_pass_is_followed_by_a_pause_and_a_new_connection(int code)
        throws InterruptedException {
      node.then(
          peer -> {
            peer.greet();
            peer.next();
            peer.leave(code);
          });
      node.then(answers(1));
      CompletableFuture<Reply> reply = harness.connect().submit(status("a"));

      harness.endPause(MIN);

      assertThat(join(reply)).isInstanceOf(Reply.Ack.class);
    }

    @Test
    void that_drains_the_node_is_followed_by_a_new_connection_at_once() {
      node.then(
          peer -> {
            peer.greet();
            peer.done(peer.next());
            peer.leave(1001);
          });
      node.then(answers(1));
      KanteleClient client = harness.connect();
      join(client.submit(status("a")));

      assertThat(join(client.submit(status("b")))).isInstanceOf(Reply.Ack.class);
      assertThat(came).containsExactly(status("b"));
    }

    @Test
    void that_wants_a_valid_token_is_followed_by_a_connection_with_another() {
      var tokens = new AtomicInteger();
      var second = new CompletableFuture<Command.Hello>();
      node.then(
          peer -> {
            peer.greet();
            peer.done(peer.next());
            peer.leave(4401);
          });
      node.then(
          peer -> {
            peer.upgrade();
            Command.Hello hello = peer.next(Command.Hello.class);
            second.complete(hello);
            peer.welcome(hello).waitForTheEnd();
          });
      KanteleClient client =
          harness.connect(
              harness
                  .settings()
                  .token(() -> Optional.of(new Secret("t" + tokens.incrementAndGet()))));
      join(client.submit(status("a")));

      assertThat(join(second).token()).contains(new Secret("t2"));
    }

    @Test
    void that_wants_a_valid_token_and_gets_none_ends_the_client() {
      node.then(
          peer -> {
            peer.greet();
            peer.next();
            peer.leave(4401);
          });
      node.then(
          peer -> {
            peer.upgrade();
            peer.nack(peer.next(Command.Hello.class), ErrorCode.UNAUTHENTICATED).leave(4401);
          });
      KanteleClient client = harness.connect();

      CompletableFuture<Reply> reply = client.submit(status("a"));

      assertThatThrownBy(() -> join(reply))
          .isInstanceOfSatisfying(
              CommandRefusedException.class,
              refused -> assertThat(refused.error().code()).isEqualTo(ErrorCode.UNAUTHENTICATED));
    }

    @Test
    void that_drains_it_again_before_it_did_anything_is_followed_by_a_pause()
        throws InterruptedException {
      node.then(peer -> peer.greet().leave(1001));
      node.then(peer -> peer.greet().leave(1001));
      node.then(answers(1));
      KanteleClient client = harness.connect();

      harness.endPause(MIN.multipliedBy(2));

      assertThat(join(client.submit(status("b")))).isInstanceOf(Reply.Ack.class);
    }
  }

  @Nested
  class A_silent_node {
    @Test
    void is_asked_after_a_heartbeat_and_given_up_after_two() throws InterruptedException {
      var asked = new CompletableFuture<Void>();
      node.then(
          peer -> {
            peer.greet().awaitPing();
            asked.complete(null);
            peer.waitForTheEnd();
          });
      node.then(answers(1));
      KanteleClient client = harness.connect();

      CompletableFuture<Reply> reply = client.submit(status("a"));
      harness.timers.fire(HALF_HEARTBEAT);
      harness.timers.fire(HALF_HEARTBEAT);
      join(asked);
      harness.timers.fire(HALF_HEARTBEAT);
      harness.timers.fire(HALF_HEARTBEAT);
      harness.endPause(MIN);

      assertThat(join(reply)).isInstanceOf(Reply.Ack.class);
      assertThat(harness.changes)
          .contains(new ConnectionChange.Lost("the node gave no sign of life", MIN));
    }
  }

  @Nested
  class Something_else_at_the_other_end {
    private void endsBecause(FakeNode.Part part, String because) {
      node.then(
          peer -> {
            peer.greet();
            peer.next();
            part.play(peer);
            peer.waitForTheEnd();
          });
      CompletableFuture<Reply> reply = harness.connect().submit(status("a"));

      assertThatThrownBy(() -> join(reply))
          .hasMessageEndingWith(because)
          .extracting("reason")
          .isEqualTo(Reason.BROKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello yourself", "[]", "{}", "{\"type\":\"ack\"}", "{\"type\":7}"})
    void that_sends_no_message_of_the_protocol_ends_the_client(String text) {
      endsBecause(peer -> peer.send(text), "it sent what is no message of protocol version 1");
    }

    @Test
    void that_sends_bytes_ends_the_client() {
      endsBecause(Peer::sendBytes, "it sent bytes where only text is understood");
    }
  }

  @Nested
  class A_busy_node {
    @Test
    void is_asked_the_same_again_after_a_pause() throws InterruptedException {
      node.then(
          peer -> {
            peer.greet();
            for (int i = 0; i < 2; i++) {
              Command command = peer.next();
              came.add(command);
              peer.nack(command, ErrorCode.UNAVAILABLE);
            }
            Command command = peer.next();
            came.add(command);
            peer.done(command).waitForTheEnd();
          });
      CompletableFuture<Reply> reply = harness.connect().submit(status("a"));

      harness.endPause(MIN);
      harness.endPause(MIN.multipliedBy(2));

      assertThat(join(reply)).isInstanceOf(Reply.Ack.class);
      assertThat(came).containsExactly(status("a"), status("a"), status("a"));
    }

    @Test
    void is_believed_in_the_end() throws InterruptedException {
      node.then(
          peer -> {
            peer.greet();
            for (int i = 0; i < OutstandingCommands.MAX_TRIES; i++) {
              peer.nack(peer.next(), ErrorCode.UNAVAILABLE);
            }
            peer.waitForTheEnd();
          });
      CompletableFuture<Reply> reply = harness.connect().submit(status("a"));

      for (int i = 1; i < OutstandingCommands.MAX_TRIES; i++) {
        harness.endPause(new Backoff(MIN, MAX).pause(i, ClientHarness.NO_JITTER));
      }

      assertThat(join(reply)).isInstanceOf(Reply.Nack.class);
    }
  }
}
