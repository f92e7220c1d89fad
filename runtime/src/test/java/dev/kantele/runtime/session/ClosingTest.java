package dev.kantele.runtime.session;

import static dev.kantele.runtime.session.TestSession.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.EventBody.SessionClosed;
import dev.kantele.protocol.EventBody.TurnCancelled;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.session.Input.StreamOutcome;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The end of a session, and of its log. */
class ClosingTest {
  @Nested
  class Close {
    @Test
    void ends_the_running_turn_and_those_that_wait_before_the_session() {
      TestSession session = Scenes.closing();

      session.ends(new StreamOutcome.Stopped());

      Optional<String> reason = Optional.of("the session was closed");
      assertThat(session.events())
          .endsWith(
              new TurnCancelled(new TurnId("a"), reason, List.of(), false),
              new TurnCancelled(new TurnId("b"), reason, List.of(), false),
              new SessionClosed(Optional.empty()));
    }

    @Test
    void tells_its_reason() {
      TestSession session = Scenes.idle();

      session.command(
          new Command.SessionClose(new CommandId("x"), TestSession.ID, Optional.of("we are done")));

      assertThat(session.events()).endsWith(new SessionClosed(Optional.of("we are done")));
    }

    @Test
    void is_final_across_lives() {
      TestSession session = Scenes.closed();
      session.recover();

      assertThat(answer(session.prompt("n"))).isEqualTo("session_closed");
      assertThat(answer(session.open())).isEqualTo("session_closed");
    }

    @Test
    void goes_on_in_the_next_life() {
      TestSession session = Scenes.closing();

      assertThat(Shown.rows(session.recover())).endsWith("session.closed");
    }

    @Test
    void leaves_the_log_to_be_read() {
      assertThat(answer(Scenes.closed().command(Commanding.attach("x", 0)))).isEqualTo("attached");
    }

    @Test
    void what_joined_the_running_turn_does_not_run() {
      TestSession session = Scenes.steered("n");
      session.wallTime("a");
      session.command(Commanding.close("x"));

      Step step = session.ends(new StreamOutcome.Stopped());

      assertThat(Shown.rows(step))
          .containsExactly(
              "stream.cancelled s1-1",
              "turn.completed a limit wall_time",
              "turn.queued n",
              "note.turn_options n",
              "turn.cancelled n",
              "session.closed");
    }
  }

  @Nested
  class Delete {
    @Test
    void leaves_nothing_when_the_turns_have_ended() {
      TestSession session = Scenes.streaming();
      session.command(Commanding.delete("x"));

      Step step = session.ends(new StreamOutcome.Stopped());

      assertThat(Shown.rows(step)).endsWith("session.closed", "note.erased");
      assertThat(session.shown(step)).endsWith("erase");
      assertThat(session.state()).isEqualTo(SessionState.EMPTY);
    }

    @Test
    void of_a_session_that_is_closing_erases_it_then() {
      TestSession session = Scenes.closing();
      session.command(Commanding.delete("x"));

      Step step = session.ends(new StreamOutcome.Stopped());

      assertThat(session.shown(step)).contains("note.erased", "erase");
    }

    @Test
    void is_not_taken_back_by_a_close() {
      TestSession session = Scenes.streaming();
      session.command(Commanding.delete("x"));
      assertThat(session.command(Commanding.close("y")).rows()).isEmpty();

      assertThat(session.shown(session.ends(new StreamOutcome.Stopped()))).contains("erase");
    }

    @Test
    void of_a_session_that_is_gone_finds_none() {
      TestSession session = Scenes.idle();
      session.command(Commanding.delete("x"));

      assertThat(answer(session.command(Commanding.delete("y")))).isEqualTo("session_not_found");
    }

    @Test
    void leaves_the_name_free_for_another_log() {
      TestSession session = Scenes.idle();
      session.command(Commanding.delete("x"));
      session.recover();

      assertThat(answer(session.open())).isEqualTo("created");

      assertThat(session.state().identity().orElseThrow().log()).isEqualTo(new LogId("log2"));
      assertThat(session.state().lastSeq()).isEqualTo(1);
      assertThat(session.nextNumber()).isEqualTo(1);
    }
  }

  @Nested
  class Attach {
    @Test
    void of_another_log_is_refused() {
      Step step =
          Scenes.idle()
              .command(
                  new Command.SessionAttach(
                      new CommandId("x"),
                      TestSession.ID,
                      0,
                      Optional.of(new LogId("other")),
                      OptionalLong.empty()));

      assertThat(answer(step)).isEqualTo("cursor_unknown");
    }

    @Test
    void may_have_all_numbers_but_none_beyond() {
      TestSession session = Scenes.streaming();
      long last = session.log().lastSeq();

      assertThat(answer(session.command(Commanding.attach("x", last)))).isEqualTo("attached");
      assertThat(answer(session.command(Commanding.attach("y", last + 1))))
          .isEqualTo("cursor_unknown");
    }
  }

  @Nested
  class Open {
    @Test
    void with_an_agent_that_there_is_not_makes_nothing() {
      TestSession session = Scenes.absent();

      Step step =
          session.command(
              new Command.SessionOpen(
                  new CommandId("x"), TestSession.ID, Optional.of("ghost"), Optional.empty()));

      assertThat(answer(step)).isEqualTo("agent_not_found");
      assertThat(step.rows()).isEmpty();
    }

    @Test
    void belongs_to_who_opened_it() {
      assertThat(Scenes.idle().state().identity().orElseThrow().owner()).isEqualTo("owner");
    }
  }
}
