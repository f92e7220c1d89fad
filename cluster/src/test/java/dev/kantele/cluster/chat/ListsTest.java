package dev.kantele.cluster.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.cluster.access.AccessException;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.cluster.access.Subscription;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListsTest {
  private static final int PAGE = 100;

  /** A node with many names, which gives them by the hundred, once it answers. */
  private static final class Node implements SessionAccess {
    private final List<String> names;
    private final CountDownLatch answers;

    Node(int count, CountDownLatch answers) {
      this.names = IntStream.range(0, count).mapToObj("n-%04d"::formatted).toList();
      this.answers = answers;
    }

    private List<String> page(Optional<String> page) {
      try {
        answers.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw AccessException.lost("over");
      }
      int from = page.map(names::indexOf).orElse(0);
      return names.subList(from, Math.min(names.size(), from + PAGE));
    }

    private Optional<String> after(List<String> page) {
      int next = names.indexOf(page.getLast()) + 1;
      return next < names.size() ? Optional.of(names.get(next)) : Optional.empty();
    }

    @Override
    public AckBody.Sessions list(int limit, Optional<String> page) {
      List<String> ids = page(page);
      return new AckBody.Sessions(
          ids.stream().map(id -> new AckBody.SessionSummary(new SessionId(id))).toList(),
          after(ids));
    }

    @Override
    public AckBody.Models models(int limit, Optional<String> page) {
      List<String> models = page(page);
      return new AckBody.Models(
          models.stream().map(AckBody.ModelSummary::new).toList(), after(models));
    }

    @Override
    public Reply submit(Command.OfSession command) {
      throw new UnsupportedOperationException("submit");
    }

    @Override
    public Subscription attach(SessionId session, long after, Optional<LogId> log) {
      throw new UnsupportedOperationException("attach");
    }

    @Override
    public void close() {}
  }

  private static Requests requests(int count) {
    return new Requests(new Node(count, new CountDownLatch(0)), Optional.empty());
  }

  @Test
  void all_pages_are_read() {
    assertThat(requests(321).sessions("")).hasSize(321).doesNotHaveDuplicates();
    assertThat(requests(321).models()).hasSize(321).doesNotHaveDuplicates();
  }

  @Test
  void sessions_are_found_by_a_part_of_their_ids() {
    assertThat(requests(321).sessions("-032")).containsExactly("n-0320");
  }

  @Nested
  class On_the_screen {
    @Test
    void nothing_is_said_to_be_nothing() {
      assertThat(Listing.of(List.of())).isEqualTo("(none)\n");
    }

    @Test
    void all_that_a_screen_bears_are_shown() {
      List<String> names = requests(Listing.LINES).sessions("");
      assertThat(Listing.of(names)).isEqualTo(String.join("\n", names) + "\n");
    }

    @Test
    void more_are_counted() {
      assertThat(Listing.of(requests(Listing.LINES + 7).sessions("")))
          .endsWith("n-0199\n(and 7 more; /sessions TEXT lists those with TEXT in their ids)\n");
    }
  }

  @Nested
  class For_completion {
    @Test
    void there_are_none_before_there_is_a_node() {
      assertThat(new SessionNames(Duration.ofSeconds(30)).get()).isEmpty();
    }

    @Test
    void all_are_offered() {
      var names = new SessionNames(Duration.ofSeconds(30));
      names.askedOf(requests(150));

      assertThat(names.get()).hasSize(150);
      assertThat(names.get()).hasSize(150);
    }

    @Test
    void a_node_that_does_not_answer_is_not_waited_for() {
      var answers = new CountDownLatch(1);
      var names = new SessionNames(Duration.ofMillis(1));
      names.askedOf(new Requests(new Node(150, answers), Optional.empty()));

      assertThat(names.get()).isEmpty();
      assertThat(names.get()).isEmpty();
      answers.countDown();
    }
  }
}
