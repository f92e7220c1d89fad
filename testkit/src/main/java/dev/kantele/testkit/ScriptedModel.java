package dev.kantele.testkit;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.scripted.Script;
import dev.kantele.runtime.model.scripted.ScriptReply;
import dev.kantele.runtime.model.scripted.ScriptedProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The model of all agents of a test. It follows a script, a line for each turn of a session: the
 * first model call of the turn gets the line's first reply, the next call the next one. A call that
 * is made again, after a failure or a crash, gets the same reply again unless {@link #retry} says
 * otherwise. What it was asked is kept. It outlives the nodes that call it.
 */
public final class ScriptedModel implements ModelProvider {
  /** How agents name it. */
  public static final String REFERENCE = "test/model";

  private static final String NAME = "test";
  private static final String MODEL = "model";

  private final List<List<ScriptReply>> turns = new ArrayList<>();
  private final List<ModelRequest> requests = new ArrayList<>();
  private final Map<SessionId, List<TurnId>> seen = new HashMap<>();
  private final Map<Integer, ScriptReply> retries = new HashMap<>();
  private Optional<Function<ModelRequest, Reply>> answers = Optional.empty();

  ScriptedModel() {}

  /** The next turn of each session: what its model calls are answered. */
  public ScriptedModel turn(Reply... replies) {
    if (replies.length == 0) {
      throw new IllegalArgumentException("replies: 0 (expected: 1 or more)");
    }
    turns.add(Stream.of(replies).map(Reply::script).toList());
    return this;
  }

  /** What attempt {@code attempt} at any call, from 2, is answered in place of the script. */
  public ScriptedModel retry(int attempt, Reply reply) {
    if (attempt < 2) {
      throw new IllegalArgumentException("attempt: " + attempt + " (expected: 2 or more)");
    }
    retries.put(attempt, reply.script());
    return this;
  }

  /** Answers all calls by a function, in place of a script. */
  public ScriptedModel answer(Function<ModelRequest, Reply> function) {
    answers = Optional.of(requireNonNull(function, "function"));
    return this;
  }

  /** What it was asked, in order; attempts, too. */
  public List<ModelRequest> requests() {
    return Collections.unmodifiableList(requests);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<String> models() {
    return List.of(MODEL);
  }

  @Override
  public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
    return ScriptedProvider.of(Map.of(request.model(), this::reply)).stream(request);
  }

  private ScriptReply reply(ModelRequest request) {
    requests.add(request);
    if (answers.isPresent()) {
      return answers.get().apply(request).script();
    }
    ScriptReply retry = retries.get(request.attempt());
    if (retry != null) {
      return retry;
    }
    List<TurnId> begun = seen.computeIfAbsent(request.session(), _ -> new ArrayList<>());
    if (!begun.contains(request.turn())) {
      begun.add(request.turn());
    }
    int turn = begun.indexOf(request.turn());
    return turn < turns.size()
        ? new Script(turns.get(turn)).reply(request)
        : Reply.fails("script_ended", /* retryable= */ false).script();
  }
}
