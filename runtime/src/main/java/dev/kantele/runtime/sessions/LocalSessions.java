package dev.kantele.runtime.sessions;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.journal.BusySessions;
import dev.kantele.runtime.journal.LogReader;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.session.actor.SessionEnvironment;
import dev.kantele.runtime.session.actor.SessionMessage;
import dev.kantele.runtime.surroundings.DirectStage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The sessions of one JVM. */
public final class LocalSessions implements Sessions {
  private final ActorRef<SessionRegistry.Command> registry;
  private final ActorRef<Relays.Command> relays;
  private final LogReader reader;
  private final Scheduler scheduler;
  private final Duration commandLimit;
  private final Duration pullLimit;

  private LocalSessions(
      ActorRef<SessionRegistry.Command> registry,
      ActorRef<Relays.Command> relays,
      LogReader reader,
      Scheduler scheduler,
      Duration commandLimit,
      Duration pullLimit) {
    this.registry = registry;
    this.relays = relays;
    this.reader = reader;
    this.scheduler = scheduler;
    this.commandLimit = commandLimit;
    this.pullLimit = pullLimit;
  }

  /**
   * Returns the behavior that owns the sessions, and hands the way to them to {@code started}, in
   * the actor's thread. Sessions that were busy when the node stopped are woken at once.
   *
   * @param commandLimit how long a command may take before its sender is told {@code unavailable}
   */
  public static Behavior<Void> create(
      SessionEnvironment environment, Duration commandLimit, Consumer<Sessions> started) {
    requireNonNull(environment, "environment");
    return Behaviors.<Object>setup(
            context -> {
              ActorRef<SessionRegistry.Command> registry =
                  context.spawn(SessionRegistry.create(environment), "registry");
              Duration hold = environment.settings().holdPull();
              Duration release = environment.settings().releaseAfter();
              // A relay keeps what the session itself lets go of when it is idle.
              ActorRef<Relays.Command> relays =
                  context.spawn(
                      Relays.create(registry, hold.compareTo(release) < 0 ? hold : release),
                      "relays");
              environment
                  .busy()
                  .tell(
                      new BusySessions.GetMembers(
                          context.messageAdapter(BusySessions.Members.class, members -> members)));
              started.accept(
                  new LocalSessions(
                      registry,
                      relays,
                      environment.reader(),
                      context.getSystem().scheduler(),
                      commandLimit,
                      hold.multipliedBy(2)));
              return Behaviors.receive(Object.class)
                  .onMessage(
                      BusySessions.Members.class,
                      members -> {
                        members.sessions().forEach(session -> wake(registry, session));
                        return Behaviors.same();
                      })
                  .build();
            })
        .narrow();
  }

  private static void wake(ActorRef<SessionRegistry.Command> registry, SessionId session) {
    registry.tell(new SessionRegistry.Deliver(session, new SessionMessage.Wake()));
  }

  @Override
  public CompletionStage<Reply> submit(ClientKey client, Command.OfSession command) {
    return DirectStage.of(
            AskPattern.<SessionRegistry.Command, Reply>ask(
                registry,
                replyTo ->
                    new SessionRegistry.Deliver(
                        command.session(), new SessionMessage.Submit(client, command, replyTo)),
                commandLimit,
                scheduler))
        .exceptionally(
            _ ->
                Reply.Nack.of(
                    command.id(),
                    ErrorCode.UNAVAILABLE,
                    "the session did not answer within " + commandLimit.toMillis() + " ms"));
  }

  /* A pull that nobody answers was lost; the caller repeats it. */
  @Override
  public CompletionStage<PullReply> pull(
      SessionId session, Cursor cursor, int maxEvents, int maxBytes) {
    return DirectStage.of(
            AskPattern.<Relays.Command, PullReply>ask(
                relays,
                replyTo ->
                    new Relays.Ask(
                        session, new SessionMessage.Pull(cursor, maxEvents, maxBytes, replyTo)),
                pullLimit,
                scheduler))
        .exceptionally(_ -> new PullReply.Batch(List.of(), cursor));
  }

  @Override
  public CompletionStage<List<SessionId>> list(Optional<SessionId> after, int limit) {
    return reader.sessions(after, limit);
  }

  @Override
  public CompletionStage<List<SessionId>> list(String owner, Optional<SessionId> after, int limit) {
    return reader.sessionsOf(owner, after, limit);
  }
}
