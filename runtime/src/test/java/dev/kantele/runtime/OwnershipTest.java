package dev.kantele.runtime;

import static dev.kantele.runtime.TestKantele.get;
import static dev.kantele.runtime.TestKantele.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.journal.LogReader;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.model.scripted.Script;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions belong to the principal that opened them, for as long as there is anything of them. */
@Timeout(60)
final class OwnershipTest {
  private static final ClientKey ANN = new ClientKey("ann", new ClientId("laptop"));
  private static final ClientKey BOB = new ClientKey("bob", new ClientId("laptop"));

  private final TestKantele.Parts parts = new TestKantele.Parts();
  private final String hello = parts.model.script("hello", Script.saying("Hello."));

  private static Reply submit(TestKantele node, ClientKey client, Command.OfSession command) {
    return get(node.kantele.sessions().submit(client, command));
  }

  private static Reply open(TestKantele node, ClientKey client, String session) {
    return submit(
        node,
        client,
        new Command.SessionOpen(
            Session.newCommand(), new SessionId(session), Optional.empty(), Optional.empty()));
  }

  private static List<String> list(TestKantele node, String owner, Optional<String> after) {
    return get(node.kantele.sessions().list(owner, after.map(SessionId::new), 10)).stream()
        .map(SessionId::value)
        .toList();
  }

  private static List<String> list(TestKantele node, String owner) {
    return list(node, owner, Optional.empty());
  }

  private static void fill(TestKantele node) {
    open(node, ANN, "b");
    open(node, BOB, "c");
    open(node, ANN, "a");
    open(node, BOB, "a");
    node.kantele.open("local");
  }

  private static void assertEachSeesItsOwn(TestKantele node) {
    assertThat(list(node, "ann")).containsExactly("a", "b");
    assertThat(list(node, "ann", Optional.of("a"))).containsExactly("b");
    assertThat(list(node, "bob")).containsExactly("c");
    assertThat(list(node, "local")).containsExactly("local");
    assertThat(list(node, "an")).isEmpty();
    assertThat(get(node.kantele.sessions().list(Optional.empty(), 10))).hasSize(4);
  }

  @Test
  void each_sees_its_own_in_a_list() {
    try (TestKantele node = TestKantele.start()) {
      fill(node);

      assertEachSeesItsOwn(node);
    }
  }

  @Test
  void each_sees_its_own_after_a_restart(@TempDir Path folder) {
    try (TestKantele node = TestKantele.start(folder, "", parts)) {
      fill(node);
      assertEachSeesItsOwn(node);
    }
    try (TestKantele node = TestKantele.start(folder, "", parts)) {
      assertEachSeesItsOwn(node);
    }
  }

  @Test
  void a_session_is_still_its_owners_when_its_first_rows_are_gone(@TempDir Path folder) {
    String settings = "kantele.session { snapshot-every = 12, keep-rows = 20 }";
    try (TestKantele node = TestKantele.start(folder, settings, parts)) {
      open(node, BOB, "another");
      Session session = node.kantele.open("long");
      int turns = 0;
      while (firstRow(node, session) == 1) {
        assertThat(turns).isLessThan(100);
        get(session.prompt(prompt(session, hello)).result());
        turns++;
      }

      assertThat(list(node, "local")).containsExactly("long");
      assertThat(list(node, "bob")).containsExactly("another");
    }
  }

  private static long firstRow(TestKantele node, Session session) {
    return get(LogReader.of(node.kantele.system())
            .read("session|" + session.id(), 1, Long.MAX_VALUE)
            .runWith(Sink.head(), session.materializer()))
        .journalNr();
  }

  @Test
  void what_is_deleted_is_nobodys_until_somebody_opens_it_again(@TempDir Path folder) {
    try (TestKantele node = TestKantele.start(folder, "", parts)) {
      open(node, ANN, "s");
      submit(
          node,
          ANN,
          new Command.SessionDelete(Session.newCommand(), new SessionId("s"), Optional.empty()));

      assertThat(open(node, BOB, "s")).isInstanceOf(Reply.Ack.class);
      assertThat(list(node, "ann")).isEmpty();
      assertThat(list(node, "bob")).containsExactly("s");
    }
  }

  @Test
  void nobody_else_can_do_anything_with_it() {
    try (TestKantele node = TestKantele.start()) {
      open(node, ANN, "s");
      var session = new SessionId("s");

      for (Command.OfSession command :
          List.of(
              new Command.SessionAttach(
                  Session.newCommand(), session, 0, Optional.empty(), OptionalLong.empty()),
              new Command.SessionStatus(Session.newCommand(), session),
              new Command.SessionClose(Session.newCommand(), session, Optional.empty()),
              new Command.SessionDelete(Session.newCommand(), session, Optional.empty()))) {
        assertThat(submit(node, BOB, command))
            .isInstanceOfSatisfying(
                Reply.Nack.class,
                nack -> assertThat(nack.error().code()).isEqualTo(ErrorCode.FORBIDDEN));
      }
      assertThat(list(node, "ann")).containsExactly("s");
    }
  }
}
