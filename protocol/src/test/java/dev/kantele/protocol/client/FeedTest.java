package dev.kantele.protocol.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FeedTest {
  private static final int WINDOW = 8;

  private final Services services = new Services();
  private final Feed feed = feed(false);

  private Feed feed(boolean restarts) {
    return new Feed(
        Peer.SESSION,
        ClientSettings.of("http://h").eventWindow(WINDOW).restartUnknownCursors(restarts),
        services);
  }

  /** The client around the feed; shows what is sent as short texts. */
  private static final class Services implements Feed.Services {
    private final List<String> sent = new ArrayList<>();
    private final Map<CommandId, ReplyHandler> handlers = new HashMap<>();
    private final List<Runnable> retries = new ArrayList<>();
    private Command last = new Command.Ping(new CommandId("none"));
    private int ids;

    @Override
    public void submitBound(Command command, ReplyHandler handler) {
      last = command;
      handlers.put(command.id(), handler);
      sent.add(
          switch (command) {
            case Command.SessionAttach attach ->
                "attach " + attach.after() + " +" + attach.credit().orElse(-1);
            case Command.SessionCredit credit -> "credit +" + credit.events();
            case Command.SessionDetach _ -> "detach";
            default -> command.toString();
          });
    }

    @Override
    public CommandId newId() {
      ids++;
      return new CommandId("c" + ids);
    }

    @Override
    public Timers.Timer retry(int number, Runnable task) {
      retries.add(task);
      return () -> retries.remove(task);
    }

    private ReplyHandler handler() {
      return requireNonNull(handlers.get(last.id()), "handler");
    }

    /** Answers the last command. */
    void reply(AckBody body) {
      handler().replied(Reply.Ack.of(last.id(), body));
    }

    void refuse(ErrorCode code) {
      handler().replied(Reply.Nack.of(last.id(), code, "no"));
    }

    List<String> takeSent() {
      List<String> taken = List.copyOf(sent);
      sent.clear();
      return taken;
    }
  }

  /** A reader that has room until it is full. */
  private static final class Shelf extends Reader {
    private final List<Long> got = new ArrayList<>();
    private int room = WINDOW;
    private boolean mayRestart;
    private String end = "";

    Shelf(long after) {
      this(Optional.of(Peer.LOG), after);
    }

    Shelf(Optional<LogId> log, long after) {
      super(log, after);
    }

    @Override
    boolean mayRestart() {
      return mayRestart;
    }

    @Override
    int room() {
      return room;
    }

    @Override
    void happened(Event event) {
      got.add(event.seq());
      room--;
    }

    @Override
    void completed() {
      end = "completed";
    }

    @Override
    void failed(RuntimeException because) {
      end = String.valueOf(because.getMessage());
    }
  }

  private void attached(long lastSeq) {
    services.reply(new AckBody.Attached(Peer.LOG, lastSeq, 1));
  }

  private void deltas(long from, long to) {
    for (long seq = from; seq <= to; seq++) {
      event(Covers.of(seq), new EventBody.TextDelta(Peer.TURN, Peer.STREAM, 0, "x"));
    }
  }

  private void event(Covers covers, EventBody body) {
    feed.happened(new Event(Peer.SESSION, covers, Peer.AT, body));
  }

  private Shelf add(long after) {
    var shelf = new Shelf(after);
    feed.add(shelf);
    return shelf;
  }

  @Nested
  class Without_a_connection {
    @Test
    void asks_for_nothing_and_begins_when_there_is_one() {
      add(3);
      assertThat(services.takeSent()).isEmpty();

      feed.opened();

      assertThat(services.takeSent()).containsExactly("attach 3 +8");
    }
  }

  @Nested
  class With_one_reader {
    @BeforeEach
    void open() {
      feed.opened();
    }

    @Test
    void passes_its_events_on_and_grants_credit_by_half_windows() {
      Shelf shelf = add(0);
      attached(20);
      services.takeSent();
      deltas(1, 3);
      shelf.room += 3;
      feed.advance();
      assertThat(services.takeSent()).isEmpty();
      deltas(4, 4);
      shelf.room++;
      feed.advance();

      assertThat(services.takeSent()).containsExactly("credit +4");
      assertThat(shelf.got).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void asks_for_nothing_more_while_it_has_no_room() {
      add(0);
      attached(20);
      services.takeSent();

      deltas(1, 8);

      assertThat(services.takeSent()).isEmpty();
    }

    @Test
    void attaches_again_after_the_last_event_on_a_new_connection() {
      Shelf shelf = add(0);
      attached(20);
      deltas(1, 2);
      feed.lost();
      services.takeSent();
      feed.opened();
      attached(20);
      deltas(3, 4);

      assertThat(services.takeSent()).containsExactly("attach 2 +6");
      assertThat(shelf.got).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void attaches_again_at_a_hole_and_at_a_repeat() {
      Shelf shelf = add(0);
      attached(20);
      deltas(1, 1);
      deltas(3, 3);
      deltas(4, 4);
      attached(20);
      deltas(2, 2);
      deltas(2, 2);
      attached(20);
      deltas(3, 3);

      assertThat(services.takeSent()).containsExactly("attach 0 +8", "attach 1 +7", "attach 2 +6");
      assertThat(shelf.got).containsExactly(1L, 2L, 3L);
    }

    @Test
    void gives_up_after_vain_tries_with_pauses_between() {
      Shelf shelf = add(0);
      for (int i = 0; i < 6; i++) {
        attached(20);
        deltas(2, 2);
        List.copyOf(services.retries).forEach(Runnable::run);
      }

      assertThat(shelf.end)
          .isEqualTo("the events of session s do not go on: event 2 came where 1 was due");
    }

    @Test
    void attaches_again_when_the_node_ended_the_subscription() {
      add(0);
      attached(20);
      deltas(1, 2);
      services.takeSent();

      event(Covers.of(2), new EventBody.SessionDetached("slow_consumer", "too slow"));

      assertThat(services.takeSent()).containsExactly("attach 2 +6");
    }

    @Test
    void completes_it_after_the_last_event_of_the_log() {
      Shelf shelf = add(0);
      attached(1);
      event(Covers.of(1), new EventBody.SessionClosed(Optional.empty()));

      assertThat(shelf.got).containsExactly(1L);
      assertThat(shelf.end).isEqualTo("completed");
      assertThat(services.takeSent()).endsWith("detach");
    }

    @Test
    void detaches_when_it_leaves() {
      Shelf shelf = add(0);
      attached(20);
      services.takeSent();

      feed.remove(shelf);

      assertThat(services.takeSent()).containsExactly("detach");
    }

    @Test
    void fails_it_when_the_session_does_not_know_the_cursor() {
      Shelf shelf = add(7);

      services.refuse(ErrorCode.CURSOR_UNKNOWN);

      assertThat(shelf.end).isEqualTo("no");
    }

    @Test
    void waits_for_a_session_that_is_not_available() {
      Shelf shelf = add(7);
      for (int i = 0; i < 20; i++) {
        services.refuse(ErrorCode.UNAVAILABLE);
        List.copyOf(services.retries).forEach(Runnable::run);
        services.retries.clear();
      }
      services.takeSent();
      attached(8);
      deltas(8, 8);

      assertThat(shelf.end).isEmpty();
      assertThat(shelf.got).containsExactly(8L);
    }

    @Test
    void attaches_again_when_credit_is_refused() {
      Shelf shelf = add(0);
      attached(20);
      deltas(1, 4);
      shelf.room += 4;
      feed.advance();
      services.takeSent();

      services.refuse(ErrorCode.INTERNAL);

      assertThat(services.takeSent()).containsExactly("attach 4 +8");
    }
  }

  @Test
  void a_cursor_that_is_unknown_begins_at_the_start_if_that_is_wanted() {
    Feed restarting = feed(true);
    var shelf = new Shelf(7);
    shelf.mayRestart = true;
    restarting.add(shelf);
    restarting.opened();
    services.refuse(ErrorCode.CURSOR_UNKNOWN);

    assertThat(services.takeSent()).containsExactly("attach 7 +8", "attach 0 +8");
    services.refuse(ErrorCode.SESSION_NOT_FOUND);
    assertThat(shelf.end).isEqualTo("no");
  }

  @Test
  void one_that_seeks_something_in_its_log_does_not_begin_at_the_start_of_another() {
    Feed restarting = feed(true);
    var shelf = new Shelf(7);
    restarting.add(shelf);
    restarting.opened();
    services.refuse(ErrorCode.CURSOR_UNKNOWN);

    assertThat(shelf.end).isEqualTo("no");
  }

  @Nested
  class With_several_readers {
    @BeforeEach
    void open() {
      feed.opened();
    }

    @Test
    void those_at_one_place_share_what_comes() {
      Shelf one = add(5);
      Shelf two = add(5);
      attached(20);
      deltas(6, 7);

      assertThat(services.takeSent()).containsExactly("attach 5 +8");
      assertThat(one.got).containsExactly(6L, 7L);
      assertThat(two.got).containsExactly(6L, 7L);
    }

    @Test
    void one_that_is_behind_gets_its_turn_and_meets_the_other() {
      Shelf ahead = add(10);
      attached(10);
      Shelf behind = add(8);
      attached(10);
      deltas(9, 10);
      deltas(11, 11);

      assertThat(services.takeSent()).containsExactly("attach 10 +8", "attach 8 +8");
      assertThat(behind.got).containsExactly(9L, 10L, 11L);
      assertThat(ahead.got).containsExactly(11L);
    }

    @Test
    void one_without_room_is_left_behind_and_comes_back() {
      Shelf fast = add(0);
      Shelf slow = add(0);
      slow.room = 2;
      attached(100);
      deltas(1, 5);
      assertThat(fast.got).containsExactly(1L, 2L, 3L, 4L, 5L);
      assertThat(slow.got).containsExactly(1L, 2L);

      services.takeSent();
      slow.room = WINDOW;
      feed.advance();
      assertThat(services.takeSent()).containsExactly("attach 2 +8");
      attached(100);
      deltas(3, 6);

      assertThat(slow.got).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      assertThat(fast.got).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void one_far_behind_does_not_hold_up_the_other() {
      Shelf fast = add(50);
      attached(50);
      Shelf slow = add(0);
      attached(50);
      services.takeSent();

      /* The turn is over after half a window. */
      deltas(1, 4);
      assertThat(services.takeSent()).containsExactly("attach 50 +8");
      attached(51);
      deltas(51, 51);

      assertThat(fast.got).containsExactly(51L);
      assertThat(slow.got).containsExactly(1L, 2L, 3L, 4L);
      assertThat(services.takeSent()).containsExactly("attach 4 +4");
    }

    @Test
    void the_refusal_of_one_leaves_the_other_alone() {
      Shelf stranger = new Shelf(Optional.of(new LogId("another")), 3);
      feed.add(stranger);
      Shelf known = add(5);
      services.refuse(ErrorCode.CURSOR_UNKNOWN);
      attached(6);
      deltas(6, 6);

      assertThat(stranger.end).isEqualTo("no");
      assertThat(known.got).containsExactly(6L);
    }

    @Test
    void a_snapshot_of_several_pages_is_taken_whole_without_room() {
      Shelf shelf = add(0);
      shelf.room = 4;
      attached(90);
      for (int page = 1; page <= 10; page++) {
        event(new Covers(1, 90), Snapshots.page(page, 10));
      }

      assertThat(shelf.got).hasSize(10);
      assertThat(shelf.cursor().last()).isEqualTo(90);
    }
  }
}
