package dev.kantele.runtime.session.actor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.journal.LogReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class OwnedSessionsTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final int LIMIT = 2;

  private final Journal journal = new Journal();
  private final TestProbe<OwnedSessions.Answer> probe = KIT.createTestProbe();
  private final ActorRef<OwnedSessions.Command> owned =
      KIT.spawn(OwnedSessions.create(journal, LIMIT));

  @AfterEach
  void stop() {
    KIT.stop(owned);
  }

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  /** A journal that answers when the test has it do so. */
  private static final class Journal implements LogReader {
    final List<CompletableFuture<List<SessionId>>> asked = new ArrayList<>();
    final TestProbe<String> questions = KIT.createTestProbe();

    @Override
    public Source<Row, NotUsed> read(String persistenceId, long from, long to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<List<SessionId>> sessions(Optional<SessionId> after, int limit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public synchronized CompletionStage<List<SessionId>> sessionsOf(
        String owner, Optional<SessionId> after, int limit) {
      var answer = new CompletableFuture<List<SessionId>>();
      asked.add(answer);
      questions.getRef().tell(owner);
      return answer;
    }

    synchronized CompletableFuture<List<SessionId>> last() {
      return asked.getLast();
    }

    void answers(String owner, String... sessions) {
      questions.expectMessage(owner);
      last().complete(List.of(sessions).stream().map(SessionId::new).toList());
    }
  }

  private void open(String principal, String session) {
    owned.tell(new OwnedSessions.Open(principal, new SessionId(session), probe.getRef()));
  }

  private void gone(String session) {
    owned.tell(new OwnedSessions.Gone(new SessionId(session)));
  }

  private void assertGranted() {
    probe.expectMessage(new OwnedSessions.Granted());
  }

  private void assertFull(int count) {
    probe.expectMessage(new OwnedSessions.Full(count, LIMIT));
  }

  @Nested
  class While_the_journal_is_read {
    @Test
    void who_opens_waits() {
      open("ann", "a");
      open("ann", "b");
      probe.expectNoMessage(Duration.ZERO);

      journal.answers("ann", "x");

      assertGranted();
      assertFull(2);
    }

    @Test
    void what_goes_meanwhile_counts_no_more_though_it_was_read() {
      open("ann", "a");
      gone("x");
      open("ann", "b");

      journal.answers("ann", "x", "y");

      assertFull(2);
      assertGranted();
    }

    @Test
    void others_are_read_by_themselves() {
      open("ann", "a");
      journal.questions.expectMessage("ann");
      open("bob", "b");

      journal.answers("bob");

      assertGranted();
    }

    @Test
    void a_failure_is_told_and_the_next_one_has_it_read_anew() {
      open("ann", "a");
      journal.questions.expectMessage("ann");
      journal.last().completeExceptionally(new IllegalStateException("on purpose"));
      probe.expectMessage(new OwnedSessions.NotKnown());

      open("ann", "a");
      journal.answers("ann");

      assertGranted();
    }
  }

  @Nested
  class When_it_is_known {
    When_it_is_known() {
      open("ann", "a");
      journal.answers("ann");
      assertGranted();
    }

    @Test
    void so_many_may_be_opened_and_no_more() {
      open("ann", "b");
      assertGranted();
      open("ann", "c");
      assertFull(2);
      journal.questions.expectNoMessage(Duration.ZERO);
    }

    @Test
    void the_same_one_counts_once() {
      open("ann", "a");
      assertGranted();
      open("ann", "b");
      assertGranted();
    }

    @Test
    void one_that_is_gone_makes_room() {
      open("ann", "b");
      gone("a");
      open("ann", "c");

      assertGranted();
      assertGranted();
    }

    @Test
    void who_owns_more_than_it_may_is_told_how_many() {
      open("bob", "d");
      journal.answers("bob", "x", "y", "z");

      assertFull(3);
    }

    @Test
    void who_opens_nothing_for_two_minutes_is_read_anew() {
      TIME.timePasses(Duration.ofMinutes(2));

      open("ann", "b");

      journal.answers("ann", "x", "y");
      assertFull(2);
    }

    @Test
    void who_opens_something_each_minute_is_not() {
      for (int i = 0; i < 3; i++) {
        TIME.timePasses(Duration.ofMinutes(1));
        open("ann", "a");
        assertGranted();
      }
      assertThat(journal.asked).hasSize(1);
    }
  }
}
