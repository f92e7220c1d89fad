package dev.kantele.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.cluster.access.AccessException;
import dev.kantele.cluster.access.AccessException.Reason;
import dev.kantele.cluster.access.Received;
import dev.kantele.cluster.access.Subscription;
import dev.kantele.cluster.client.FakeNode.Part;
import dev.kantele.cluster.client.FakeNode.Peer;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeClientTest {
  private static final SessionId SESSION = new SessionId("s");
  private static final Backoff SOON =
      new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofSeconds(2));

  private final List<String> notices = new ArrayList<>();
  private FakeNode node;

  @BeforeEach
  void start() throws IOException {
    node = new FakeNode();
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  private NodeClient connect() {
    return NodeClient.connect(node.url(), SOON, notices::add);
  }

  private static Command.SessionOpen open(String id) {
    return new Command.SessionOpen(new CommandId(id), SESSION, Optional.empty(), Optional.empty());
  }

  private static String text(Received received) {
    return ((EventBody.TextDelta) received.event().body()).text();
  }

  @Nested
  class Connecting {
    @Test
    void says_that_no_node_answers() throws IOException {
      node.close();

      assertThatThrownBy(NodeClientTest.this::connect)
          .isInstanceOf(AccessException.class)
          .hasMessage("no node answers at " + node.url())
          .extracting("reason")
          .isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void says_that_something_else_answers() {
      node.then(peer -> peer.refuse(404));

      assertThatThrownBy(NodeClientTest.this::connect)
          .hasMessage(node.url() + " answers, but not as a Kantele node (HTTP 404)");
    }

    @Test
    void says_that_the_host_is_unknown() {
      assertThatThrownBy(
              () -> NodeClient.connect(NodeUrl.parse("http://no-such-host.invalid"), _ -> {}))
          .hasMessage("host no-such-host.invalid is unknown");
    }

    @Test
    void passes_on_why_the_greeting_was_refused() {
      node.then(
          peer -> {
            peer.upgrade();
            CommandId id = peer.next(Command.Hello.class).id();
            peer.send(
                """
                {"type":"nack","re":"%s","error":{"code":"unauthenticated","message":"no token",\
                "retryable":false}}"""
                    .formatted(id));
            peer.waitForTheEnd();
          });

      assertThatThrownBy(NodeClientTest.this::connect)
          .hasMessage("no token")
          .extracting("code")
          .isEqualTo(Optional.of(ErrorCode.UNAUTHENTICATED));
    }
  }

  @Nested
  class Commands {
    @Test
    void are_answered_by_the_reply_with_their_id() {
      node.then(
          peer -> {
            peer.greet();
            CommandId id = peer.next(Command.SessionOpen.class).id();
            peer.send("{\"type\":\"pong\",\"re\":\"another\"}");
            peer.sendInTwo(
                """
                {"type":"ack","re":"%s","created":true,"log":"log-1","last_seq":1,"next_seq":1}"""
                    .formatted(id));
            peer.waitForTheEnd();
          });

      try (NodeClient client = connect()) {
        assertThat(client.submit(open("o1")))
            .isEqualTo(
                Reply.Ack.of(
                    new CommandId("o1"), new AckBody.Opened(true, new LogId("log-1"), 1, 1)));
      }
    }

    @Test
    void are_sent_again_when_the_connection_drops_before_the_reply() {
      BlockingQueue<CommandId> came = new LinkedBlockingQueue<>();
      node.then(peer -> came.add(peer.greet().next(Command.SessionOpen.class).id()));
      node.then(
          peer -> {
            CommandId id = peer.greet().next(Command.SessionOpen.class).id();
            came.add(id);
            peer.send("{\"type\":\"ack\",\"re\":\"%s\"}".formatted(id));
            peer.waitForTheEnd();
          });

      try (NodeClient client = connect()) {
        client.submit(open("o1"));
      }

      assertThat(came).containsExactly(new CommandId("o1"), new CommandId("o1"));
      assertThat(notices)
          .containsExactly("the connection to %s was lost; trying again".formatted(node.url()));
    }

    @ParameterizedTest
    @CsvSource({
      "1000, the node closed it",
      "1009, a message was larger than the node takes",
      "4401, the node wants a valid token",
      "4409, another connection took this client's name"
    })
    void end_with_the_sentence_of_a_final_close_code(int code, String because) {
      node.then(
          peer -> {
            peer.greet();
            peer.next(Command.SessionOpen.class);
            peer.close(code, "");
            peer.waitForTheEnd();
          });

      try (NodeClient client = connect()) {
        assertThatThrownBy(() -> client.submit(open("o1")))
            .hasMessage("the connection to %s ended because %s".formatted(node.url(), because));
      }
    }

    @Test
    void end_when_no_node_comes_back() {
      node.then(
          peer -> {
            peer.greet();
            node.close();
          });
      var shortly = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(50));

      try (NodeClient client = NodeClient.connect(node.url(), shortly, notices::add)) {
        assertThatThrownBy(() -> client.submit(open("o1")))
            .isInstanceOf(AccessException.class)
            .hasMessageStartingWith("the connection to " + node.url() + " was lost")
            .extracting("reason")
            .isEqualTo(Reason.LOST);
      }
    }

    @Test
    void end_when_the_node_sends_no_message_of_the_protocol() {
      node.then(
          peer -> {
            peer.greet();
            peer.send("hello yourself");
            peer.waitForTheEnd();
          });

      try (NodeClient client = connect()) {
        assertThatThrownBy(() -> client.submit(open("o1")))
            .hasMessageEndingWith("it sent what is no message of protocol version 1");
      }
    }
  }

  @Nested
  class Subscriptions {
    private final BlockingQueue<Command> came = new LinkedBlockingQueue<>();

    private Part deltas(long... numbers) {
      return peer -> {
        peer.greet();
        came.add(peer.attached(10));
        send(peer, numbers);
        peer.waitForTheEnd();
      };
    }

    private static void send(Peer peer, long... numbers) throws IOException {
      for (long number : numbers) {
        peer.delta(number, "d" + number);
      }
    }

    private static List<String> take(Subscription events, int number) {
      var texts = new ArrayList<String>();
      for (int i = 0; i < number; i++) {
        texts.add(text(events.next()));
      }
      return texts;
    }

    private long afterOfNextAttach() throws InterruptedException {
      return ((Command.SessionAttach) came.take()).after();
    }

    @Test
    void give_events_in_order_with_the_text_they_came_as() throws InterruptedException {
      node.then(deltas(4, 5));

      try (NodeClient client = connect()) {
        Subscription events = client.attach(SESSION, 3, Optional.empty());
        Received first = events.next();

        assertThat(events.lastSeqAtStart()).isEqualTo(10);
        assertThat(text(first)).isEqualTo("d4");
        assertThat(first.json()).startsWith("{\"seq\":4,\"type\":\"text.delta\"");
        assertThat(text(events.next())).isEqualTo("d5");
        assertThat(afterOfNextAttach()).isEqualTo(3);
      }
    }

    @Test
    void go_on_after_the_last_event_on_a_new_connection() throws InterruptedException {
      node.then(
          peer -> {
            peer.greet();
            came.add(peer.attached(10));
            send(peer, 1, 2);
          });
      node.then(
          peer -> {
            peer.greet();
            Command.SessionAttach attach = peer.attached(10);
            came.add(attach);
            send(peer, LongStream.rangeClosed(attach.after() + 1, 4).toArray());
            peer.waitForTheEnd();
          });

      try (NodeClient client = connect()) {
        Subscription events = client.attach(SESSION, 0, Optional.empty());

        assertThat(take(events, 4)).containsExactly("d1", "d2", "d3", "d4");
        assertThat(afterOfNextAttach()).isZero();
        Command.SessionAttach again = (Command.SessionAttach) came.take();
        assertThat(again.after())
            .as("what came before the end may get lost with it")
            .isBetween(0L, 2L);
        assertThat(again.log()).contains(new LogId("log-1"));
      }
    }

    @Test
    void attach_again_at_a_hole() throws InterruptedException {
      node.then(
          peer -> {
            peer.greet();
            came.add(peer.attached(10));
            send(peer, 1, 3);
            came.add(peer.attached(10));
            send(peer, 2, 3);
            peer.waitForTheEnd();
          });

      try (NodeClient client = connect()) {
        Subscription events = client.attach(SESSION, 0, Optional.empty());

        assertThat(take(events, 3)).containsExactly("d1", "d2", "d3");
        assertThat(afterOfNextAttach()).isZero();
        assertThat(afterOfNextAttach()).isEqualTo(1);
      }
    }

    @Test
    void give_up_a_node_that_keeps_leaving_events_out() {
      node.then(
          peer -> {
            peer.greet();
            while (true) {
              peer.attached(10);
              send(peer, 2);
            }
          });

      try (NodeClient client = connect()) {
        Subscription events = client.attach(SESSION, 0, Optional.empty());

        assertThatThrownBy(events::next)
            .hasMessageEndingWith("ended because event 2 came where 1 was due");
      }
    }

    @Test
    void grant_credit_as_events_are_taken() {
      node.then(
          peer -> {
            peer.greet();
            assertThat(peer.attached(1000).credit()).hasValue(256);
            for (int seq = 1; seq <= 256; seq++) {
              peer.delta(seq, "d" + seq);
            }
            came.add(peer.next(Command.SessionCredit.class));
            came.add(peer.next(Command.SessionCredit.class));
            peer.delta(257, "more");
            peer.waitForTheEnd();
          });

      try (NodeClient client = connect()) {
        Subscription events = client.attach(SESSION, 0, Optional.empty());
        take(events, 256);

        assertThat(text(events.next())).isEqualTo("more");
        assertThat(came)
            .extracting(credit -> ((Command.SessionCredit) credit).events())
            .containsExactly(128L, 128L);
      }
    }

    @Test
    void hold_up_a_node_that_sends_more_than_it_was_granted() {
      node.then(
          peer -> {
            peer.greet();
            peer.attached(1000);
            for (int seq = 1; seq <= 1000; seq++) {
              peer.delta(seq, "d" + seq);
            }
            peer.waitForTheEnd();
          });

      try (NodeClient client = connect()) {
        Subscription events = client.attach(SESSION, 0, Optional.empty());

        assertThat(take(events, 1000)).last().isEqualTo("d1000");
      }
    }

    @Test
    void end_with_the_refusal_of_the_session() {
      node.then(
          peer -> {
            peer.greet();
            CommandId id = peer.next(Command.SessionAttach.class).id();
            peer.send(
                """
                {"type":"nack","re":"%s","error":{"code":"session_not_found","message":"none",\
                "retryable":false}}"""
                    .formatted(id));
            peer.waitForTheEnd();
          });

      try (NodeClient client = connect()) {
        assertThatThrownBy(() -> client.attach(SESSION, 0, Optional.empty()))
            .hasMessage("none")
            .extracting("code")
            .isEqualTo(Optional.of(ErrorCode.SESSION_NOT_FOUND));
      }
    }

    @Test
    void ping_when_nothing_comes_for_a_heartbeat() {
      node.then(
          peer -> {
            peer.upgrade();
            CommandId hello = peer.next(Command.Hello.class).id();
            peer.send(
                """
                {"type":"welcome","re":"%s","version":1,"heartbeat_ms":1,"limits":{"frame_bytes":1,\
                "content_parts":1,"subscriptions":1,"queued_turns":1},"features":[]}"""
                    .formatted(hello));
            peer.attached(10);
            CommandId ping = peer.next(Command.Ping.class).id();
            peer.delta(1, "d1");
            peer.send("{\"type\":\"pong\",\"re\":\"%s\"}".formatted(ping));
            peer.waitForTheEnd();
          });

      try (NodeClient client = connect()) {
        assertThat(text(client.attach(SESSION, 0, Optional.empty()).next())).isEqualTo("d1");
      }
    }
  }
}
