package dev.kantele.runtime;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.sessions.Sessions;
import dev.kantele.runtime.surroundings.Surroundings;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;

/** A session as its host holds it. Thread-safe; holds nothing that must be closed. */
public final class Session {
  private static final int PULL_EVENTS = 256;
  private static final int PULL_BYTES = 256 * 1024;

  private final Sessions sessions;
  private final ClientKey client;
  private final SessionId id;
  private final AckBody.Opened opened;
  private final Materializer materializer;
  private final Surroundings surroundings;

  /** The greatest number that was read here: what is prompted from now on comes after it. */
  private final AtomicLong seen;

  private Session(
      Sessions sessions,
      ClientKey client,
      SessionId id,
      AckBody.Opened opened,
      Materializer materializer,
      Surroundings surroundings) {
    this.sessions = sessions;
    this.client = client;
    this.id = id;
    this.opened = opened;
    this.materializer = materializer;
    this.surroundings = surroundings;
    this.seen = new AtomicLong(opened.lastSeq());
  }

  static Session open(
      Sessions sessions,
      ClientKey client,
      SessionId id,
      Optional<String> agent,
      Materializer materializer,
      Surroundings surroundings) {
    var open = new Command.SessionOpen(newCommand(surroundings), id, agent, Optional.empty());
    try {
      return surroundings
          .waiting()
          .awaitable(sessions.submit(client, open))
          .thenApply(
              reply -> new Session(sessions, client, id, opened(reply), materializer, surroundings))
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof KanteleException refused ? refused : e;
    }
  }

  private static AckBody.Opened opened(Reply reply) {
    return switch (reply) {
      case Reply.Ack(_, _, AckBody.Opened body) -> body;
      case Reply.Nack(_, var error) -> throw new KanteleException(error);
      case Reply.Ack _, Reply.Welcome _, Reply.Pong _ ->
          throw new IllegalStateException("reply: " + reply + " (expected: opened)");
    };
  }

  /** Returns a new name for a command, never the same twice. */
  public static CommandId newCommand() {
    return newCommand(Surroundings.OF_THE_SYSTEM);
  }

  private static CommandId newCommand(Surroundings surroundings) {
    return new CommandId(surroundings.newName(16));
  }

  /** The session's name. */
  public SessionId id() {
    return id;
  }

  /** The identity of its log. */
  public LogId log() {
    return opened.log();
  }

  /** Whether this call of {@link Kantele#open} created it. */
  public boolean isNew() {
    return opened.created();
  }

  /** The number of the log's last event when the session was opened here. */
  public long lastSeqAtOpen() {
    return opened.lastSeq();
  }

  Materializer materializer() {
    return materializer;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  /** Prompts with plain text. The turn waits if another one runs. */
  public Turn prompt(String text) {
    return prompt(
        new Command.Prompt(
            newCommand(surroundings),
            id,
            OptionalLong.empty(),
            List.of(new Part.Text(requireNonNull(text, "text"))),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  /** Prompts with all that the wire allows. */
  public Turn prompt(Command.Prompt prompt) {
    /* One that joins a turn belongs to what began earlier. */
    boolean steers = prompt.policy().filter(PromptPolicy.STEER::equals).isPresent();
    long after = steers ? lastSeqAtOpen() : seen.get();
    return new Turn(this, submit(prompt), after);
  }

  /** Gives the session a command; the stage completes with its one reply, a refusal included. */
  public CompletionStage<Reply> submit(Command.OfSession command) {
    return surroundings.waiting().awaitable(sessions.submit(client, command));
  }

  /**
   * The log's events after number {@code after}, without end: each once, in order, at the
   * subscriber's pace. A subscriber that falls behind gets merged events. Completes when the
   * session is deleted; while the journal can't be read, it waits.
   */
  public Source<Event, NotUsed> events(long after) {
    return Source.unfoldAsync(
            Cursor.of(opened.log(), after),
            cursor -> sessions.pull(id, cursor, PULL_EVENTS, PULL_BYTES).thenApply(this::next))
        .mapConcat(deliveries -> deliveries)
        .map(Delivery::event);
  }

  private Optional<Pair<Cursor, List<Delivery>>> next(PullReply reply) {
    return switch (reply) {
      case PullReply.Batch(var deliveries, var next) -> {
        if (!deliveries.isEmpty()) {
          seen.accumulateAndGet(next.after(), Math::max);
        }
        yield Optional.of(Pair.create(next, deliveries));
      }
      case PullReply.Detached _ -> Optional.empty();
    };
  }
}
