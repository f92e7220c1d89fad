package dev.kantele.cluster.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.cluster.render.Style;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.RequestId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.ToolExecutor;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.codec.WireMapper;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ConversationTest {
  private static final SessionId S = new SessionId("s");
  private static final TurnId MINE = new TurnId("t-1");
  private static final InvocationId CALL = new InvocationId("i1");
  private static final RequestId REQUEST = new RequestId("r1");

  private final Conversation chat =
      new Conversation(Optional.of("acme/large"), () -> MINE, () -> new SessionId("fresh"));
  private long seq;

  private List<Effect> happens(EventBody body) {
    seq++;
    return chat.event(S, new Event(S, Covers.of(seq), Instant.EPOCH, body));
  }

  private List<Effect> type(String line) {
    return chat.answer(chat.ask(), new Answer.Line(line));
  }

  private List<Effect> press() {
    return chat.answer(chat.ask(), new Answer.Interrupted(""));
  }

  private static Effect show(String text) {
    return new Effect.Show(text);
  }

  private static Effect note(String lines) {
    return new Effect.Note(lines);
  }

  private static EventBody queued(TurnId turn, String text) {
    return new EventBody.TurnQueued(
        turn,
        List.of(new Part.Text(text)),
        PromptPolicy.ENQUEUE,
        new ClientId("c"),
        Optional.empty());
  }

  private static EventBody text(String text) {
    return new EventBody.TextDelta(MINE, new StreamId("m"), 0, text);
  }

  private static EventBody completed() {
    return new EventBody.TurnCompleted(
        MINE, StopReason.END, Optional.empty(), Usage.NONE, Optional.empty());
  }

  private static JsonNode json(String text) {
    try {
      return WireMapper.json().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private void run() {
    List<Effect> _ = type("Hello");
    List<Effect> _ = happens(queued(MINE, "Hello"));
    List<Effect> _ = happens(new EventBody.TurnStarted(MINE));
  }

  @BeforeEach
  void open() {
    assertThat(chat.opened(new SessionView(S, 0, Style.PLAIN)))
        .containsExactly(note("Session s. /help lists the commands.\n"));
  }

  @Nested
  class While_a_session_opens {
    private final SessionId next = new SessionId("b");

    @BeforeEach
    void leave_the_first() {
      List<Effect> _ = type("/resume b");
    }

    @Test
    void what_is_typed_is_said_in_it_once_it_is_open() {
      assertThat(type("Hello")).isEmpty();
      assertThat(chat.opened(new SessionView(next, 0, Style.PLAIN)))
          .containsExactly(
              note("Session b. /help lists the commands.\n"),
              new Effect.Prompt(next, MINE, "Hello", Optional.of("acme/large")));
    }

    @Test
    void what_is_typed_is_not_said_in_another_one_if_it_can_not_be_opened() {
      List<Effect> _ = type("Hello");
      List<Effect> _ = chat.notOpened("there is none");
      assertThat(chat.opened(new SessionView(next, 0, Style.PLAIN))).hasSize(1);
    }
  }

  @Nested
  class At_rest {
    @Test
    void a_line_is_a_prompt_for_the_session_with_the_model_that_is_set() {
      assertThat(type("Hello"))
          .containsExactly(new Effect.Prompt(S, MINE, "Hello", Optional.of("acme/large")));
      assertThat(chat.ask()).isEqualTo(Ask.RUNNING);
    }

    @Test
    void a_model_is_set_for_the_next_prompts_and_taken_back() {
      assertThat(type("/model acme/small"))
          .containsExactly(note("(model of the next prompts: acme/small)\n"));
      assertThat(type("Hello"))
          .containsExactly(new Effect.Prompt(S, MINE, "Hello", Optional.of("acme/small")));
      assertThat(type("/model default"))
          .containsExactly(note("(model of the next prompts: the agent's)\n"));
      assertThat(type("/model"))
          .containsExactly(note("(model: the agent's)\n"), new Effect.ListModels());
    }

    @Test
    void an_unknown_command_gets_one_sentence() {
      assertThat(type("/sing"))
          .containsExactly(note("(there is no /sing; /help lists the commands)\n"));
    }

    @Test
    void ctrl_c_hints_first_and_leaves_then() {
      assertThat(press()).containsExactly(note("(once more, or Ctrl-D, leaves)\n"));
      assertThat(press()).containsExactly(new Effect.Leave(Left.Why.INTERRUPTED));
    }

    @Test
    void ctrl_c_takes_back_what_stands_on_the_line() {
      assertThat(chat.answer(chat.ask(), new Answer.Interrupted("Hel"))).isEmpty();
      assertThat(press()).containsExactly(note("(once more, or Ctrl-D, leaves)\n"));
    }

    @Test
    void ctrl_d_and_quit_leave() {
      assertThat(chat.answer(chat.ask(), new Answer.Ended()))
          .containsExactly(new Effect.Leave(Left.Why.ASKED));
      assertThat(type("/quit")).containsExactly(new Effect.Leave(Left.Why.ASKED));
    }

    @Test
    void there_is_nothing_to_cancel() {
      assertThat(type("/cancel")).containsExactly(note("(no turn runs)\n"));
    }

    @Test
    void a_prompt_that_is_refused_gives_the_keyboard_back() {
      var prompt = (Effect.Prompt) type("Hello").getFirst();

      assertThat(chat.promptFailed(prompt, "the queue is full"))
          .containsExactly(note("(the queue is full)\n"));
      assertThat(chat.ask()).isEqualTo(Ask.PROMPT);
    }

    @Test
    void a_prompt_of_somebody_else_is_shown_and_followed() {
      var other = new TurnId("t-2");
      assertThat(happens(queued(other, "Hi"))).isEmpty();
      assertThat(happens(new EventBody.TurnStarted(other))).containsExactly(show("> Hi\n"));
      assertThat(chat.ask()).isEqualTo(Ask.RUNNING);
    }
  }

  @Nested
  class While_a_turn_runs {
    @BeforeEach
    void begin() {
      run();
    }

    @Test
    void tokens_come_one_by_one_and_the_end_gives_the_keyboard_back() {
      assertThat(happens(text("Hi "))).containsExactly(show("Hi "));
      assertThat(happens(text("you"))).containsExactly(show("you"));
      assertThat(happens(completed())).containsExactly(show("\n"));
      assertThat(chat.ask()).isEqualTo(Ask.PROMPT);
    }

    @Test
    void ctrl_c_cancels_and_a_second_one_leaves() {
      assertThat(press())
          .containsExactly(note("(cancelling; once more leaves)\n"), new Effect.Cancel(S, MINE));
      assertThat(press()).containsExactly(new Effect.Leave(Left.Why.INTERRUPTED));
    }

    @Test
    void the_second_ctrl_c_leaves_also_when_the_turn_has_ended_meanwhile() {
      List<Effect> _ = press();
      assertThat(
              happens(
                  new EventBody.TurnCancelled(
                      MINE, Optional.of("the user interrupted it"), List.of(), false)))
          .containsExactly(show("x cancelled: the user interrupted it\n"));
      assertThat(press()).containsExactly(new Effect.Leave(Left.Why.INTERRUPTED));
    }

    @Test
    void ctrl_c_counts_anew_after_a_line() {
      List<Effect> _ = press();
      List<Effect> _ = type("/model");
      assertThat(press()).contains(new Effect.Cancel(S, MINE));
    }

    @Test
    void a_subscription_that_ends_can_be_tried_again() {
      assertThat(chat.lost(S, /* over= */ false, "it was detached"))
          .containsExactly(note("(it was detached)\n"), note("(/resume s tries again)\n"));
      assertThat(type("Hello"))
          .containsExactly(note("(there is no session to talk to; /new begins one)\n"));
    }

    @Test
    void a_node_that_is_gone_for_good_ends_the_chat() {
      assertThat(chat.lost(S, /* over= */ true, "the node wants a valid token"))
          .containsExactly(
              note("(the node wants a valid token)\n"), new Effect.Leave(Left.Why.LOST));
    }

    @Test
    void cancel_can_be_typed() {
      assertThat(type("/cancel"))
          .containsExactly(note("(cancelling)\n"), new Effect.Cancel(S, MINE));
    }

    @Test
    void another_session_can_be_resumed_and_this_one_shows_its_last_turn_later() {
      List<Effect> _ = happens(text("Hi"));
      assertThat(type("/resume b"))
          .containsExactly(new Effect.Open(new SessionId("b"), /* create= */ false));
      List<Effect> _ = chat.opened(new SessionView(new SessionId("b"), 0, Style.PLAIN));

      assertThat(happens(text(" there"))).as("shown later").isEmpty();
      assertThat(chat.opened(chat.view(S).orElseThrow()))
          .containsExactly(
              note("Session s. /help lists the commands.\n"), show("> Hello\nHi there"));
    }

    @Test
    void a_session_that_can_not_be_opened_leaves_this_one_open() {
      List<Effect> _ = type("/resume nowhere");
      assertThat(chat.notOpened("there is none"))
          .containsExactly(note("(there is none)\n"), note("(this is still session s)\n"));
      assertThat(chat.ask()).isEqualTo(Ask.RUNNING);
    }
  }

  @Nested
  class While_a_call_waits_for_approval {
    private final Pending.Approval call =
        new Pending.Approval(MINE, CALL, "mail", Optional.of(json("{\"to\":\"bob\"}")));

    @BeforeEach
    void wait_for_it() {
      run();
      List<Effect> _ =
          happens(
              new EventBody.ToolRequested(
                  MINE,
                  CALL,
                  "mail",
                  Optional.of(json("{\"to\":\"bob\"}")),
                  Optional.empty(),
                  0,
                  ToolExecutor.NODE));
      List<Effect> _ = happens(new EventBody.ToolApprovalRequired(MINE, CALL, Optional.empty()));
    }

    @Test
    void it_is_asked_about_with_its_arguments() {
      assertThat(chat.ask().kind()).isEqualTo(Ask.Kind.APPROVAL);
      assertThat(chat.ask().lead()).isEqualTo("Allow mail {\"to\":\"bob\"}\n");
    }

    @Test
    void what_can_not_be_seen_in_its_arguments_is_spelled_out() {
      var hidden = "{\"to\":\"\u202ebob\"}";
      assertThat(
              Asks.about(new Pending.Approval(MINE, CALL, "mail", Optional.of(json(hidden))), false)
                  .lead())
          .isEqualTo("Allow mail {\"to\":\"\\u202ebob\"}\n");
    }

    @Test
    void yes_allows_it_and_no_does_not() {
      assertThat(type("y"))
          .containsExactly(new Effect.Decide(S, call, Decision.APPROVE, Optional.empty()));
      assertThat(chat.ask()).isEqualTo(Ask.RUNNING);
      assertThat(chat.answerFailed(S, call, /* again= */ true, "lost"))
          .containsExactly(note("(lost)\n"));
      assertThat(type("No"))
          .containsExactly(new Effect.Decide(S, call, Decision.DENY, Optional.empty()));
    }

    @Test
    void its_arguments_can_be_edited() {
      assertThat(type("e")).isEmpty();
      assertThat(chat.ask().initial()).isEqualTo("{\"to\":\"bob\"}");
      assertThat(type("{oops")).hasSize(1).allMatch(effect -> effect instanceof Effect.Note);
      assertThat(type("{\"to\":\"eve\"}"))
          .containsExactly(
              new Effect.Decide(S, call, Decision.APPROVE, Optional.of(json("{\"to\":\"eve\"}"))));
    }

    @Test
    void ctrl_c_leaves_the_editing_and_cancels_the_turn_then() {
      List<Effect> _ = type("e");
      assertThat(press()).isEmpty();
      assertThat(chat.ask().kind()).isEqualTo(Ask.Kind.APPROVAL);
      assertThat(press()).contains(new Effect.Cancel(S, MINE));
    }

    @Test
    void somebody_else_decides_and_a_late_answer_goes_nowhere() {
      Ask asked = chat.ask();
      assertThat(happens(new EventBody.ToolApproved(MINE, CALL, Optional.empty(), "alice")))
          .containsExactly(show("(allowed by alice)\n"));
      assertThat(chat.ask()).isEqualTo(Ask.RUNNING);
      assertThat(chat.answer(asked, new Answer.Line("y"))).isEmpty();
    }

    @Test
    void an_expiry_ends_the_question() {
      List<Effect> shown = happens(new EventBody.ToolDenied(MINE, CALL, Optional.of("expired")));
      assertThat(shown).containsExactly(show("x denied: expired\n"));
      assertThat(chat.ask()).isEqualTo(Ask.RUNNING);
    }

    @Test
    void ones_own_decision_is_not_told_again() {
      List<Effect> _ = type("y");
      assertThat(happens(new EventBody.ToolApproved(MINE, CALL, Optional.empty(), "me"))).isEmpty();
    }
  }

  @Nested
  class While_the_agent_asks {
    private Pending.Question ask(String schema) {
      run();
      Optional<JsonNode> wanted = Optional.of(json(schema));
      List<Effect> _ =
          happens(
              new EventBody.InputRequested(
                  MINE, REQUEST, Optional.of(CALL), "Which?", wanted, Optional.empty()));
      return new Pending.Question(MINE, REQUEST, Optional.of(CALL), "Which?", wanted);
    }

    @Test
    void a_line_is_the_answer() {
      Pending.Question question = ask("{\"type\":\"string\",\"enum\":[\"red\",\"blue\"]}");
      assertThat(chat.ask().lead()).isEqualTo("Which? (red | blue)\n");
      assertThat(type("blue"))
          .containsExactly(new Effect.Reply(S, question, Optional.of(TextNode.valueOf("blue"))));
    }

    @Test
    void json_is_the_answer_where_the_schema_wants_no_text() {
      Pending.Question question = ask("{\"type\":\"integer\"}");
      assertThat(type("7")).containsExactly(new Effect.Reply(S, question, Optional.of(json("7"))));
    }

    @Test
    void nothing_and_ctrl_c_decline() {
      Pending.Question question = ask("{}");
      assertThat(press()).containsExactly(new Effect.Reply(S, question, Optional.empty()));
      List<Effect> _ = chat.answerFailed(S, question, /* again= */ true, "lost");
      assertThat(type(" ")).containsExactly(new Effect.Reply(S, question, Optional.empty()));
    }

    @Test
    void somebody_else_answers() {
      Pending.Question _ = ask("{}");
      assertThat(
              happens(
                  new EventBody.InputAnswered(
                      MINE, REQUEST, Optional.of(json("\"red\"")), "alice")))
          .containsExactly(show("(answered by alice)\n"));
      assertThat(chat.ask()).isEqualTo(Ask.RUNNING);
    }
  }

  @Test
  void what_happened_before_is_shown_once_and_short() {
    var session = new SessionId("old");
    List<Effect> _ = chat.opened(new SessionView(session, 4, Style.PLAIN));
    List<EventBody> before =
        List.of(queued(MINE, "Hello"), new EventBody.TurnStarted(MINE), text("Hi."), completed());

    List<List<Effect>> shown =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    chat.event(
                        session,
                        new Event(session, Covers.of(i + 1), Instant.EPOCH, before.get(i))))
            .toList();

    assertThat(shown)
        .containsExactly(List.of(), List.of(), List.of(), List.of(show("> Hello\nHi.\n")));
    assertThat(chat.ask()).isEqualTo(Ask.PROMPT);
  }
}
