package dev.kantele.cluster.chat;

import dev.kantele.cluster.access.AccessException;
import dev.kantele.cluster.access.Received;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.cluster.access.Subscription;
import dev.kantele.cluster.render.Style;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with the sessions of a node, at a terminal. It carries out what {@link
 * Conversation} decides: prints at once, and asks the node one thing after the other on a thread
 * that nobody waits for, so that the keyboard works while the node is away.
 */
final class Chat {
  private static final int WAITING = 64;

  private final SessionAccess access;
  private final ChatConsole console;
  private final Style style;
  private final Function<Throwable, String> sentence;
  private final Conversation conversation;
  private final Requests requests;
  private final ReentrantLock lock = new ReentrantLock();
  private final ExecutorService node =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          Thread.ofVirtual().name("chat-node").factory());
  private volatile Left.@Nullable Why left;

  /**
   * A chat that has not begun.
   *
   * @param sentence what to tell the user of a failure
   * @param sessionIds ids for new sessions
   */
  Chat(
      SessionAccess access,
      ChatConsole console,
      ChatOptions options,
      Function<Throwable, String> sentence,
      Supplier<SessionId> sessionIds) {
    this.access = access;
    this.console = console;
    this.style = options.style();
    this.sentence = sentence;
    this.requests = new Requests(access, options.agent());
    this.conversation =
        new Conversation(options.model(), () -> new TurnId("t-" + UUID.randomUUID()), sessionIds);
  }

  /** Talks with {@code session} first, and returns how it was left. */
  Left run(SessionId session) {
    apply(() -> List.of(new Effect.Open(session, /* create= */ true)));
    Left.Why why;
    while ((why = left) == null) {
      Ask ask = asked();
      Optional<Answer> answer = console.ask(ask);
      answer.ifPresent(given -> apply(() -> conversation.answer(ask, given)));
    }
    node.shutdownNow();
    return new Left(session(), why);
  }

  private Optional<SessionId> session() {
    lock.lock();
    try {
      return conversation.session();
    } finally {
      lock.unlock();
    }
  }

  private Ask asked() {
    lock.lock();
    try {
      return conversation.ask();
    } finally {
      lock.unlock();
    }
  }

  /** One step of the conversation, and what it wants done. */
  private void apply(Supplier<List<Effect>> step) {
    lock.lock();
    try {
      step.get().forEach(this::perform);
      console.turnTo(conversation.ask());
    } finally {
      lock.unlock();
    }
  }

  private void perform(Effect effect) {
    switch (effect) {
      case Effect.Show(var text) -> console.show(text);
      case Effect.Note(var lines) -> console.note(lines);
      case Effect.Open open -> later(() -> open(open), conversation::notOpened);
      case Effect.Prompt prompt ->
          later(() -> requests.prompt(prompt), f -> conversation.promptFailed(prompt, f));
      case Effect.Cancel cancel -> later(() -> requests.cancel(cancel), Chat::notice);
      case Effect.Decide decide ->
          answerLater(() -> requests.decide(decide), decide.session(), decide.call());
      case Effect.Reply reply ->
          answerLater(() -> requests.reply(reply), reply.session(), reply.question());
      case Effect.ListSessions(var part) ->
          later(() -> listed(requests.sessions(part)), Chat::notice);
      case Effect.ListModels _ -> later(() -> listed(requests.models()), Chat::notice);
      case Effect.Leave(var why) -> left = why;
    }
  }

  private void answerLater(Runnable request, SessionId session, Pending to) {
    submit(
        request,
        failure ->
            conversation.answerFailed(session, to, mayAgain(failure), sentence.apply(failure)));
  }

  /** Whether what waits still waits: the node refused the answer itself, or never got it. */
  private static boolean mayAgain(Throwable failure) {
    return failure instanceof AccessException refused
        && refused.code().map(code -> code == ErrorCode.INVALID_ARGUMENT).orElse(true);
  }

  private void later(Runnable request, Function<String, List<Effect>> onFailure) {
    submit(request, failure -> onFailure.apply(sentence.apply(failure)));
  }

  private void submit(Runnable request, Function<Throwable, List<Effect>> onFailure) {
    try {
      node.execute(
          () -> {
            try {
              request.run();
            } catch (RuntimeException e) {
              apply(() -> left == null ? onFailure.apply(e) : List.of());
            }
          });
    } catch (RejectedExecutionException _) {
      notice("too much waits for the node already").forEach(this::perform);
    }
  }

  private static List<Effect> notice(String text) {
    return List.of(new Effect.Note("(" + text + ")\n"));
  }

  private void listed(List<String> names) {
    String lines = Listing.of(names);
    apply(() -> List.of(new Effect.Note(lines)));
  }

  private void open(Effect.Open open) {
    Optional<SessionView> known = conversationView(open.session());
    if (known.isPresent()) {
      apply(() -> conversation.opened(known.get()));
      return;
    }
    if (open.create()) {
      requests.open(open.session());
    }
    Subscription events = access.attach(open.session(), 0, Optional.empty());
    var view = new SessionView(open.session(), events.lastSeqAtStart(), style);
    apply(() -> conversation.opened(view));
    Thread.ofVirtual().name("chat-" + open.session()).start(() -> read(open.session(), events));
  }

  private Optional<SessionView> conversationView(SessionId session) {
    lock.lock();
    try {
      return conversation.view(session);
    } finally {
      lock.unlock();
    }
  }

  private void read(SessionId session, Subscription events) {
    try {
      while (left == null) {
        Received received = events.next();
        apply(() -> conversation.event(session, received.event()));
      }
    } catch (RuntimeException e) {
      if (left == null) {
        boolean over = e instanceof AccessException access && access.isOver();
        apply(() -> conversation.lost(session, over, sentence.apply(e)));
      }
    }
  }
}
