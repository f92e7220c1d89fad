package dev.kantele.runtime;

import static dev.kantele.runtime.TestKantele.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.journal.JournalFaults.Operation;
import dev.kantele.runtime.log.ClientKey;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A principal owns so many sessions and no more, whatever happens to the node meanwhile. */
@Timeout(60)
final class SessionLimitTest {
  private static final String TWO = "kantele.security.limits.sessions = 2";
  private static final ClientKey ANN = new ClientKey("ann", new ClientId("laptop"));
  private static final ClientKey BOB = new ClientKey("bob", new ClientId("laptop"));

  private static CompletionStage<Reply> begin(TestKantele node, ClientKey client, String session) {
    return node.kantele
        .sessions()
        .submit(
            client,
            new Command.SessionOpen(
                Session.newCommand(), new SessionId(session), Optional.empty(), Optional.empty()));
  }

  private static Reply open(TestKantele node, ClientKey client, String session) {
    return get(begin(node, client, session));
  }

  private static void delete(TestKantele node, ClientKey client, String session) {
    TestKantele.ack(
        node.kantele
            .sessions()
            .submit(
                client,
                new Command.SessionDelete(
                    Session.newCommand(), new SessionId(session), Optional.empty())));
  }

  private static void assertOpened(Reply reply) {
    assertThat(reply).isInstanceOf(Reply.Ack.class);
  }

  private static void assertFull(Reply reply) {
    assertThat(reply)
        .isInstanceOfSatisfying(
            Reply.Nack.class,
            nack -> {
              assertThat(nack.error().code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
              assertThat(nack.error().retryable()).isFalse();
              assertThat(nack.error().message())
                  .isEqualTo(
                      "principal ann owns 2 sessions (expected: fewer than 2; delete one before)");
            });
  }

  @Test
  void one_more_is_refused_and_those_that_are_there_may_be_opened_again() {
    try (TestKantele node = TestKantele.start(TWO)) {
      assertOpened(open(node, ANN, "a"));
      assertOpened(open(node, ANN, "b"));

      assertFull(open(node, ANN, "c"));
      assertOpened(open(node, ANN, "a"));
      assertOpened(open(node, BOB, "c"));
      assertThat(get(node.kantele.sessions().list("ann", Optional.empty(), 10))).hasSize(2);
    }
  }

  @Test
  void of_many_that_come_at_once_so_many_are_opened() {
    try (TestKantele node = TestKantele.start(TWO)) {
      long opened =
          IntStream.range(0, 50).mapToObj(i -> begin(node, ANN, "s" + i)).toList().stream()
              .map(TestKantele::get)
              .filter(Reply.Ack.class::isInstance)
              .count();

      assertThat(opened).isEqualTo(2);
    }
  }

  @Test
  void closing_one_makes_no_room_and_deleting_it_does() {
    try (TestKantele node = TestKantele.start(TWO)) {
      open(node, ANN, "a");
      open(node, ANN, "b");
      TestKantele.ack(
          node.kantele
              .sessions()
              .submit(
                  ANN,
                  new Command.SessionClose(
                      Session.newCommand(), new SessionId("a"), Optional.empty())));
      assertFull(open(node, ANN, "c"));

      delete(node, ANN, "a");
      /* Is answered when it is erased. */
      assertOpened(open(node, BOB, "a"));

      assertOpened(open(node, ANN, "c"));
      assertFull(open(node, ANN, "d"));
    }
  }

  @Test
  void it_holds_after_a_restart(@TempDir Path folder) {
    var parts = new TestKantele.Parts();
    try (TestKantele node = TestKantele.start(folder, TWO, parts)) {
      open(node, ANN, "a");
      open(node, ANN, "b");
    }
    try (TestKantele node = TestKantele.start(folder, TWO, parts)) {
      assertFull(open(node, ANN, "c"));
      delete(node, ANN, "b");
      assertOpened(open(node, BOB, "b"));
      assertOpened(open(node, ANN, "c"));
    }
  }

  @Test
  void one_that_could_not_be_written_does_not_count() {
    try (TestKantele node = TestKantele.start(TWO)) {
      open(node, ANN, "a");
      node.faults().fail(Operation.WRITE, "session|b", 1);
      assertThat(open(node, ANN, "b"))
          .isInstanceOfSatisfying(
              Reply.Nack.class,
              nack -> assertThat(nack.error().code()).isEqualTo(ErrorCode.UNAVAILABLE));
      /* Its next life has begun when it answers. */
      TestKantele.nack(
          node.kantele
              .sessions()
              .submit(ANN, new Command.SessionStatus(Session.newCommand(), new SessionId("b"))));

      assertOpened(open(node, ANN, "c"));
    }
  }

  @Test
  void a_host_is_told_by_an_exception() {
    try (TestKantele node = TestKantele.start(TWO)) {
      node.kantele.open("a");
      node.kantele.open("b");

      assertThatThrownBy(() -> node.kantele.open("c"))
          .isInstanceOf(KanteleException.class)
          .hasMessageContaining("principal local owns 2 sessions (expected: fewer than 2;");
    }
  }
}
