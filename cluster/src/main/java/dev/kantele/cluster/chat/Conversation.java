package dev.kantele.cluster.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.cluster.render.Printable;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.Names;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the chat shows and sends at each key and each event, and what it asks meanwhile. It does
 * nothing itself: every step returns what is to be done, in order. Used by one thread at a time.
 */
final class Conversation {
  private final Map<SessionId, SessionView> views = new HashMap<>();
  private final Supplier<TurnId> turnIds;
  private final Supplier<SessionId> sessionIds;
  private Optional<String> model;

  /** The session that is talked to; none until the first is open. */
  private @Nullable SessionView current;

  private boolean opening = true;

  /** Prompts that were typed before the session that they are for was open. */
  private final List<String> early = new ArrayList<>();

  /** Whether Ctrl-C was pressed since the last line. */
  private boolean warned;

  /** The call whose arguments are being edited. */
  private Pending.@Nullable Approval edited;

  Conversation(Optional<String> model, Supplier<TurnId> turnIds, Supplier<SessionId> sessionIds) {
    this.model = model;
    this.turnIds = turnIds;
    this.sessionIds = sessionIds;
  }

  /** A session that the chat has open already. */
  Optional<SessionView> view(SessionId session) {
    return Optional.ofNullable(views.get(session));
  }

  /** What the keyboard is for. */
  Ask ask() {
    SessionView view = current;
    if (view == null || opening) {
      return Ask.RUNNING;
    }
    Optional<Pending> due = view.due();
    if (due.isPresent()) {
      return Asks.about(due.get(), due.get().equals(edited));
    }
    return view.isBusy() ? Ask.RUNNING : Ask.PROMPT;
  }

  /** The session is open, or was. */
  List<Effect> opened(SessionView view) {
    boolean known = views.put(view.id(), view) != null;
    current = view;
    opening = false;
    warned = false;
    var title = new Effect.Note("Session " + view.id() + ". /help lists the commands.\n");
    var effects = new ArrayList<Effect>();
    effects.add(title);
    if (known) {
      effects.add(new Effect.Show(view.recent()));
    }
    List<String> prompts = List.copyOf(early);
    early.clear();
    prompts.forEach(prompt -> effects.addAll(prompt(prompt, /* visible= */ false)));
    return effects;
  }

  /** The session can't be opened. */
  List<Effect> notOpened(String sentence) {
    opening = false;
    early.clear();
    return current == null
        ? List.of(note(sentence), new Effect.Leave(Left.Why.LOST))
        : List.of(note(sentence), note("this is still session " + current.id()));
  }

  /** Something happened in a session. */
  List<Effect> event(SessionId session, Event event) {
    SessionView view = views.get(session);
    if (view == null) {
      return List.of();
    }
    String added = view.accept(event);
    if (view != current) {
      return List.of();
    }
    return added.isEmpty() ? List.of() : List.of(new Effect.Show(added));
  }

  /** There will be no more events of a session; nor of any other, if it is {@code over}. */
  List<Effect> lost(SessionId session, boolean over, String sentence) {
    SessionView view = views.remove(session);
    if (view == null || view != current) {
      return List.of();
    }
    boolean closed = view.isClosed();
    view.end();
    if (closed) {
      return List.of();
    }
    return List.of(
        note(sentence),
        over ? new Effect.Leave(Left.Why.LOST) : note("/resume " + session + " tries again"));
  }

  /** The session that is talked to. */
  Optional<SessionId> session() {
    return Optional.ofNullable(current).map(SessionView::id);
  }

  /** A prompt was refused, or never got there. */
  List<Effect> promptFailed(Effect.Prompt prompt, String sentence) {
    view(prompt.session()).ifPresent(view -> view.refused(prompt.turn()));
    return List.of(note(sentence));
  }

  /** An answer to what waits was refused; {@code again} if it may be given once more. */
  List<Effect> answerFailed(SessionId session, Pending to, boolean again, String sentence) {
    if (again) {
      view(session).ifPresent(view -> view.unsent(to));
    }
    return List.of(note(sentence));
  }

  /** The keyboard answered what it was asked. */
  List<Effect> answer(Ask ask, Answer answer) {
    return switch (answer) {
      case Answer.Ended _ -> List.of(new Effect.Leave(Left.Why.ASKED));
      case Answer.Interrupted(var text) -> interrupted(ask, text);
      case Answer.Line(var text) -> line(ask, text);
    };
  }

  private List<Effect> interrupted(Ask ask, String text) {
    if (edited != null && ask.kind() == Ask.Kind.ARGUMENTS) {
      edited = null;
      return List.of();
    }
    if (ask.kind() == Ask.Kind.QUESTION) {
      return ask.about().map(this::decline).orElse(List.of());
    }
    if (ask.kind() == Ask.Kind.PROMPT && !text.isBlank()) {
      return List.of();
    }
    if (warned) {
      return List.of(new Effect.Leave(Left.Why.INTERRUPTED));
    }
    warned = true;
    Optional<Effect> cancel = cancel();
    return cancel.isPresent()
        ? List.of(note("cancelling; once more leaves"), cancel.get())
        : List.of(note("once more, or Ctrl-D, leaves"));
  }

  private Optional<Effect> cancel() {
    return Optional.ofNullable(current)
        .flatMap(view -> view.running().map(turn -> new Effect.Cancel(view.id(), turn)));
  }

  private List<Effect> line(Ask ask, String text) {
    return switch (ask.kind()) {
      case PROMPT, RUNNING -> said(text, ask.kind() == Ask.Kind.PROMPT);
      case APPROVAL ->
          stillDue(ask) instanceof Pending.Approval call ? decided(call, text) : List.of();
      case ARGUMENTS ->
          stillDue(ask) instanceof Pending.Approval call ? argued(call, text) : List.of();
      case QUESTION ->
          stillDue(ask) instanceof Pending.Question question ? answered(question, text) : List.of();
    };
  }

  /** What was asked about, unless it is settled by now. */
  private @Nullable Pending stillDue(Ask ask) {
    return current == null
        ? null
        : current.due().filter(due -> ask.about().filter(due::equals).isPresent()).orElse(null);
  }

  private List<Effect> decided(Pending.Approval call, String text) {
    warned = false;
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "y", "yes" -> decide(call, Decision.APPROVE, Optional.empty());
      case "n", "no" -> decide(call, Decision.DENY, Optional.empty());
      case "e", "edit" -> {
        edited = call;
        yield List.of();
      }
      case "/cancel" -> cancel().map(List::of).orElse(List.of());
      case "/quit" -> List.of(new Effect.Leave(Left.Why.ASKED));
      default -> List.of(note("y, n or e, please"));
    };
  }

  private List<Effect> argued(Pending.Approval call, String text) {
    Optional<JsonNode> arguments = Asks.object(text);
    if (arguments.isEmpty()) {
      return List.of(note("arguments are a JSON object, such as {\"path\": \"a.txt\"}"));
    }
    edited = null;
    return decide(call, Decision.APPROVE, arguments);
  }

  private List<Effect> decide(
      Pending.Approval call, Decision decision, Optional<JsonNode> arguments) {
    SessionView view = here();
    view.sent(call);
    return List.of(new Effect.Decide(view.id(), call, decision, arguments));
  }

  private List<Effect> answered(Pending.Question question, String text) {
    if (text.isBlank()) {
      return decline(question);
    }
    return reply(question, Optional.of(Asks.content(text.strip(), question.schema())));
  }

  private List<Effect> decline(Pending pending) {
    return pending instanceof Pending.Question question
        ? reply(question, Optional.empty())
        : List.of();
  }

  private List<Effect> reply(Pending.Question question, Optional<JsonNode> content) {
    SessionView view = here();
    view.sent(question);
    return List.of(new Effect.Reply(view.id(), question, content));
  }

  private SessionView here() {
    if (current == null) {
      throw new IllegalStateException("no session is open");
    }
    return current;
  }

  private List<Effect> said(String text, boolean visible) {
    warned = false;
    return switch (Input.parse(text)) {
      case Input.Nothing _ -> List.of();
      case Input.UnknownSlash(var name) ->
          List.of(note("there is no " + Printable.text(name) + "; /help lists the commands"));
      case Input.Slash(var command, var argument) -> slash(command, argument);
      case Input.Say(var prompt) -> prompt(prompt, visible);
    };
  }

  private List<Effect> prompt(String text, boolean visible) {
    if (opening) {
      early.add(text);
      return List.of();
    }
    SessionView view = current;
    if (view == null || view.isClosed()) {
      return List.of(note("there is no session to talk to; /new begins one"));
    }
    TurnId turn = turnIds.get();
    boolean waits = view.isBusy();
    view.prompted(turn, visible);
    var prompt = new Effect.Prompt(view.id(), turn, text, model);
    return waits
        ? List.of(note("this waits for the turn before: " + text), prompt)
        : List.of(prompt);
  }

  private List<Effect> slash(SlashCommand command, String argument) {
    return switch (command) {
      case HELP -> List.of(new Effect.Note(SlashCommand.help()));
      case SESSIONS -> List.of(new Effect.ListSessions(argument));
      case RESUME -> resume(argument);
      case NEW -> open(sessionIds.get(), /* create= */ true);
      case CANCEL -> cancelOnDemand();
      case MODEL -> model(argument);
      case QUIT -> List.of(new Effect.Leave(Left.Why.ASKED));
    };
  }

  private List<Effect> resume(String name) {
    return Names.isName(name, SessionId.MAX_LENGTH)
        ? open(new SessionId(name), /* create= */ false)
        : List.of(note("/resume needs the id of a session; /sessions lists them"));
  }

  private List<Effect> open(SessionId session, boolean create) {
    opening = true;
    return List.of(new Effect.Open(session, create));
  }

  private List<Effect> cancelOnDemand() {
    return cancel()
        .map(effect -> List.of(note("cancelling"), effect))
        .orElse(List.of(note("no turn runs")));
  }

  private List<Effect> model(String name) {
    if (name.isEmpty()) {
      return List.of(note("model: " + model.orElse("the agent's")), new Effect.ListModels());
    }
    model = name.equals("default") ? Optional.empty() : Optional.of(name);
    return List.of(note("model of the next prompts: " + model.orElse("the agent's")));
  }

  private static Effect note(String sentence) {
    return new Effect.Note("(" + Printable.text(sentence) + ")\n");
  }
}
