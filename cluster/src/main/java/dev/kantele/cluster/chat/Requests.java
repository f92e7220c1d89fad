package dev.kantele.cluster.chat;

import dev.kantele.cluster.access.AccessException;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** What the chat asks of a node. Every method waits for the reply and throws what it refuses. */
final class Requests {
  private static final int PAGE = 500;

  private final SessionAccess access;
  private final Optional<String> agent;

  Requests(SessionAccess access, Optional<String> agent) {
    this.access = access;
    this.agent = agent;
  }

  /** Makes the session, or finds it. */
  AckBody.Opened open(SessionId session) {
    return ask(
        new Command.SessionOpen(newId(), session, agent, Optional.empty()), AckBody.Opened.class);
  }

  /** Finds the number that is due, and prompts: a refused prompt leaves no gap that way. */
  void prompt(Effect.Prompt prompt) {
    var find =
        new Command.SessionOpen(newId(), prompt.session(), Optional.empty(), Optional.empty());
    AckBody.Opened opened = ask(find, AckBody.Opened.class);
    AckBody.PromptAccepted _ =
        ask(
            new Command.Prompt(
                newId(),
                prompt.session(),
                OptionalLong.of(opened.nextSeq()),
                List.of(new Part.Text(prompt.text())),
                Optional.of(prompt.turn()),
                Optional.empty(),
                OptionalLong.empty(),
                prompt.model(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()),
            AckBody.PromptAccepted.class);
  }

  void cancel(Effect.Cancel cancel) {
    AckBody _ =
        ask(
            new Command.Cancel(
                newId(),
                cancel.session(),
                Optional.of(cancel.turn()),
                Optional.of("the user interrupted it"),
                OptionalLong.empty()),
            AckBody.class);
  }

  void decide(Effect.Decide decide) {
    AckBody _ =
        ask(
            new Command.ToolDecide(
                newId(),
                decide.session(),
                decide.call().invocation(),
                decide.decision(),
                decide.arguments(),
                Optional.empty()),
            AckBody.class);
  }

  void reply(Effect.Reply reply) {
    AckBody _ =
        ask(
            new Command.InputAnswer(
                newId(),
                reply.session(),
                reply.question().request(),
                reply.content(),
                reply.content().isPresent() ? Optional.empty() : Optional.of(true)),
            AckBody.class);
  }

  /** All sessions with {@code part} in their ids, by id. */
  List<String> sessions(String part) {
    var found = new ArrayList<String>();
    Optional<String> page = Optional.empty();
    do {
      AckBody.Sessions sessions = access.list(PAGE, page);
      for (AckBody.SessionSummary summary : sessions.sessions()) {
        String id = summary.session().value();
        if (id.contains(part)) {
          found.add(id);
        }
      }
      page = sessions.nextPage();
    } while (page.isPresent());
    return found;
  }

  /** All models. */
  List<String> models() {
    var found = new ArrayList<String>();
    Optional<String> page = Optional.empty();
    do {
      AckBody.Models models = access.models(PAGE, page);
      models.models().forEach(summary -> found.add(summary.model()));
      page = models.nextPage();
    } while (page.isPresent());
    return found;
  }

  private <T extends AckBody> T ask(Command.OfSession command, Class<T> body) {
    return AccessException.requireAck(access.submit(command), body);
  }

  private static CommandId newId() {
    return new CommandId(UUID.randomUUID().toString());
  }
}
