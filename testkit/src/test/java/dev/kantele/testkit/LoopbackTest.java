package dev.kantele.testkit;

import static dev.kantele.testkit.Reply.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.sequence.LogRules;
import dev.kantele.testkit.transport.Loopback;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

@KanteleTest
final class LoopbackTest {
  private static final SessionId SESSION = new SessionId("s");

  private final LogRules rules = LogRules.fromStart();

  private Loopback attached(TestNode node, Loopback client) {
    VirtualTime time = node.time();
    assertThat(time.await(client.hello("ann"))).isInstanceOf(Reply.Welcome.class);
    LogId log = ((AckBody.Opened) ack(time.await(client.ask(open())))).log();
    client.onEvent(rules::accept);
    var attach =
        new Command.SessionAttach(
            new CommandId("attach"), SESSION, 0, Optional.of(log), OptionalLong.empty());
    ack(time.await(client.ask(attach)));
    return client;
  }

  private static Command open() {
    return new Command.SessionOpen(
        new CommandId("open"), SESSION, Optional.empty(), Optional.empty());
  }

  private static Command prompt(String id) {
    return new Command.Prompt(
        new CommandId(id),
        SESSION,
        OptionalLong.empty(),
        List.of(new Part.Text("hi")),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static AckBody ack(Reply reply) {
    assertThat(reply).isInstanceOf(Reply.Ack.class);
    return ((Reply.Ack) reply).body();
  }

  @Test
  void a_client_gets_its_events_through_the_nodes_own_transport(TestNode node) {
    node.model().turn(says("Hello, you."));
    Loopback client = attached(node, node.connect().splits(3).delays(Duration.ofMillis(20)));

    ack(node.time().await(client.ask(prompt("p"))));
    node.time().advance(Duration.ofSeconds(30));

    LogAssert.assertThatLog(client.events()).keepsAllRules().endsAll().lastSays("Hello, you.");
  }

  @Test
  void a_cut_ends_the_connection_for_both(TestNode node) {
    Loopback client = attached(node, node.connect());

    client.cut();

    assertThat(client.isOpen()).isFalse();
    assertThatThrownBy(() -> node.time().await(client.ask(prompt("p"))))
        .hasMessageContaining("the connection is closed");
    node.time().advance(Duration.ofMinutes(1));
    assertThat(client.replies()).hasSize(3);
  }

  @Test
  void a_crash_of_the_node_ends_it_too(TestNode node) {
    Loopback client = attached(node, node.connect());
    var reply = client.ask(prompt("p"));

    node.crash();

    assertThat(client.isOpen()).isFalse();
    assertThatThrownBy(() -> node.time().await(reply)).hasMessageContaining("ended");
  }

  @Test
  void a_client_that_does_not_read_is_given_up(TestNode node) {
    node.set("kantele.websocket.heartbeat", "20s");
    Loopback client = attached(node, node.connect());

    client.stopReading();
    node.time().advance(Duration.ofMinutes(3));
    client.goOnReading();

    node.time().await(client.closed());
    assertThat(client.isOpen()).isFalse();
  }
}
