package dev.kantele.cluster.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.cluster.render.Printable;
import dev.kantele.cluster.render.Style;
import dev.kantele.cluster.render.TurnRenderer;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One session as the chat knows it from its events: the turns that have not ended, what waits for
 * somebody, and how the last turns looked. What happened before the chat came is shown once, short.
 */
final class SessionView {
  private static final String AWAY =
      "\n(what happened meanwhile is kept no longer; the last turns:)\n";

  private final SessionId id;
  private final Style style;
  private final long lastSeqAtStart;
  private final RecentTurns recent = new RecentTurns();
  private final Map<TurnId, String> prompts = new HashMap<>();
  private final Set<TurnId> echoed = new HashSet<>();
  private final Set<TurnId> open = new LinkedHashSet<>();
  private final Map<InvocationId, EventBody.ToolRequested> calls = new HashMap<>();
  private final Set<Pending> pending = new LinkedHashSet<>();

  /** Those of {@link #pending} that this chat has answered. */
  private final Set<Pending> sent = new HashSet<>();

  private final Map<TurnId, TurnRenderer> renderers = new LinkedHashMap<>();
  private boolean caughtUp;
  private boolean closed;

  /** A session whose log stood at {@code lastSeqAtStart} when the chat came. */
  SessionView(SessionId id, long lastSeqAtStart, Style style) {
    this.id = id;
    this.lastSeqAtStart = lastSeqAtStart;
    this.style = style;
    this.caughtUp = lastSeqAtStart == 0;
  }

  SessionId id() {
    return id;
  }

  boolean isClosed() {
    return closed;
  }

  /** Nothing comes any more. */
  void end() {
    closed = true;
    caughtUp = true;
    open.clear();
    pending.clear();
  }

  /** Whether a turn runs, waits or is on its way. */
  boolean isBusy() {
    return !caughtUp || !open.isEmpty();
  }

  /** The turn that Ctrl-C is for. */
  Optional<TurnId> running() {
    return open.stream().findFirst();
  }

  /** What somebody should decide or answer next. */
  Optional<Pending> due() {
    return caughtUp
        ? pending.stream().filter(one -> !sent.contains(one)).findFirst()
        : Optional.empty();
  }

  /** A prompt is on its way; {@code visible} if it stands on the screen already. */
  void prompted(TurnId turn, boolean visible) {
    open.add(turn);
    if (visible) {
      echoed.add(turn);
    }
  }

  /** A prompt was not taken. */
  void refused(TurnId turn) {
    open.remove(turn);
    echoed.remove(turn);
  }

  /** This chat's answer is on its way. */
  void sent(Pending answered) {
    sent.add(answered);
  }

  /** This chat's answer was not taken, so the question stands unless it is settled. */
  void unsent(Pending answered) {
    sent.remove(answered);
  }

  /** How the last turns looked. */
  String recent() {
    return recent.text();
  }

  /** What the event adds to the screen; nothing while the chat reads what happened before. */
  String accept(Event event) {
    String added = accept(event.body());
    if (caughtUp) {
      return added;
    }
    if (event.seq() < lastSeqAtStart || isPartOfSnapshot(event.body())) {
      return "";
    }
    caughtUp = true;
    return recent.text();
  }

  private static boolean isPartOfSnapshot(EventBody body) {
    return body instanceof EventBody.SessionSnapshot page && page.page() < page.pages();
  }

  private String accept(EventBody body) {
    return switch (body) {
      case EventBody.TurnQueued queued -> {
        open.add(queued.turn());
        prompts.put(queued.turn(), text(queued.content()));
        yield "";
      }
      case EventBody.TurnStarted started -> started(started.turn());
      case EventBody.ToolRequested requested -> {
        calls.put(requested.invocation(), requested);
        yield render(requested.turn(), body);
      }
      case EventBody.ToolApprovalRequired required -> {
        /* Said when it is asked about. */
        pending.add(approval(required));
        yield "";
      }
      case EventBody.ToolApproved approved ->
          settled(approved.invocation())
              ? add(approved.turn(), "(allowed by " + Printable.text(approved.by()) + ")\n")
              : "";
      case EventBody.InputRequested requested -> {
        pending.add(
            new Pending.Question(
                requested.turn(),
                requested.request(),
                requested.asker(),
                requested.prompt(),
                requested.schema()));
        yield "";
      }
      case EventBody.InputAnswered answered ->
          settled(answered)
              ? add(answered.turn(), "(answered by " + Printable.text(answered.by()) + ")\n")
              : "";
      case EventBody.TurnCompleted end -> ended(end.turn(), body);
      case EventBody.TurnFailed end -> ended(end.turn(), body);
      case EventBody.TurnCancelled end -> ended(end.turn(), body);
      case EventBody.SessionClosed _ -> {
        end();
        yield "(the session is closed)\n";
      }
      case EventBody.SessionSnapshot page -> {
        snapshot(page);
        yield caughtUp && !isPartOfSnapshot(page) ? AWAY + recent.text() : "";
      }
      case EventBody.OfInvocation call when body instanceof EventBody.Terminal -> {
        boolean _ = settled(call.invocation());
        calls.remove(call.invocation());
        yield render(call.turn(), body);
      }
      case EventBody.OfTurn of -> render(of.turn(), body);
      case EventBody _ -> beside(body);
    };
  }

  /** What belongs to no turn by itself, such as a warning or a catch-up. */
  private String beside(EventBody body) {
    return running().map(turn -> render(turn, body)).orElse("");
  }

  private String started(TurnId turn) {
    open.add(turn);
    recent.begin();
    String prompt = Optional.ofNullable(prompts.remove(turn)).map(SessionView::quoted).orElse("");
    recent.add(prompt);
    return echoed.remove(turn) ? "" : prompt;
  }

  private static String quoted(String prompt) {
    return "> " + Printable.text(prompt).replace("\n", "\n  ") + "\n";
  }

  private String render(TurnId turn, EventBody body) {
    return add(turn, renderer(turn).render(body));
  }

  private TurnRenderer renderer(TurnId turn) {
    return renderers.computeIfAbsent(turn, _ -> new TurnRenderer(turn, style));
  }

  private String add(TurnId turn, String text) {
    if (open.contains(turn)) {
      recent.add(text);
    }
    return text;
  }

  private String ended(TurnId turn, EventBody body) {
    String text = render(turn, body);
    open.remove(turn);
    echoed.remove(turn);
    prompts.remove(turn);
    renderers.remove(turn);
    pending.removeIf(one -> one.turn().equals(turn));
    sent.removeIf(one -> one.turn().equals(turn));
    calls.values().removeIf(call -> call.turn().equals(turn));
    return text;
  }

  private Pending approval(EventBody.ToolApprovalRequired required) {
    Optional<EventBody.ToolRequested> call = Optional.ofNullable(calls.get(required.invocation()));
    return new Pending.Approval(
        required.turn(),
        required.invocation(),
        call.map(EventBody.ToolRequested::name).orElse("a tool"),
        call.<JsonNode>flatMap(EventBody.ToolRequested::arguments));
  }

  /** Takes away what waits of the call, and says whether somebody else settled it. */
  private boolean settled(InvocationId invocation) {
    return settle(
        one ->
            switch (one) {
              case Pending.Approval approval -> approval.invocation().equals(invocation);
              case Pending.Question question ->
                  question.asker().filter(invocation::equals).isPresent();
            });
  }

  private boolean settled(EventBody.InputAnswered answered) {
    return settle(
        one ->
            one instanceof Pending.Question question
                && question.request().equals(answered.request()));
  }

  private boolean settle(Predicate<Pending> which) {
    List<Pending> gone = pending.stream().filter(which).toList();
    gone.forEach(pending::remove);
    boolean byOthers = !gone.isEmpty() && gone.stream().noneMatch(sent::contains);
    gone.forEach(sent::remove);
    return byOthers;
  }

  private void snapshot(EventBody.SessionSnapshot page) {
    if (page.page() == 1) {
      recent.clear();
      open.clear();
      pending.clear();
      renderers.clear();
    }
    var state = page.state();
    closed = state.closed();
    state.transcript().forEach(recent::message);
    state
        .turn()
        .ifPresent(
            turn -> {
              open.add(turn.turn());
              turn.stream().ifPresent(stream -> stream.parts().forEach(part -> accept(part)));
              turn.pending().stream()
                  .flatMap(one -> SnapshotPending.of(one).stream())
                  .forEach(pending::add);
            });
    state
        .queue()
        .forEach(
            queued -> {
              open.add(queued.turn());
              prompts.put(queued.turn(), text(queued.content()));
            });
  }

  static String text(List<Part> content) {
    return content.stream()
        .map(part -> part instanceof Part.Text(var text) ? text : "[attachment]")
        .collect(Collectors.joining("\n"));
  }
}
