package dev.kantele.testkit.schedule;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.LogEntry;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.sessions.Sessions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A way to sessions that does not do what it says: each fault in every so manieth case. */
final class Sabotage implements Sessions {
  private final Sessions sessions;
  private final Function<PullReply, PullReply> pulls;
  private final Function<Submission, CompletionStage<Reply>> submits;

  /** A command on its way, and the way. */
  record Submission(Sessions sessions, ClientKey client, Command.OfSession command) {
    CompletionStage<Reply> go() {
      return sessions.submit(client, command);
    }

    CompletionStage<Reply> ack(AckBody body) {
      return CompletableFuture.completedStage(Reply.Ack.of(command.id(), body));
    }
  }

  private Sabotage(
      Sessions sessions,
      Function<PullReply, PullReply> pulls,
      Function<Submission, CompletionStage<Reply>> submits) {
    this.sessions = sessions;
    this.pulls = pulls;
    this.submits = submits;
  }

  static UnaryOperator<Sessions> ofPulls(Function<PullReply, PullReply> pulls) {
    return sessions -> new Sabotage(sessions, pulls, Submission::go);
  }

  static UnaryOperator<Sessions> ofSubmits(Function<Submission, CompletionStage<Reply>> submits) {
    return sessions -> new Sabotage(sessions, Function.identity(), submits);
  }

  /** Changes the deliveries of every {@code nth} answer that has any. */
  static UnaryOperator<Sessions> everyNth(int nth, UnaryOperator<List<Delivery>> change) {
    var answers = new int[1];
    return ofPulls(
        reply ->
            switch (reply) {
              case PullReply.Batch(var deliveries, var next) ->
                  !deliveries.isEmpty() && ++answers[0] % nth == 0
                      ? new PullReply.Batch(change.apply(deliveries), next)
                      : reply;
              case PullReply.Detached _ -> reply;
            });
  }

  static List<Delivery> withoutTheFirst(List<Delivery> deliveries) {
    return deliveries.subList(1, deliveries.size());
  }

  static List<Delivery> withTheFirstTwice(List<Delivery> deliveries) {
    var twice = new ArrayList<>(deliveries);
    twice.addFirst(deliveries.getFirst());
    return twice;
  }

  /** Changes the body of each delivery. */
  static List<Delivery> with(List<Delivery> deliveries, UnaryOperator<EventBody> change) {
    return deliveries.stream()
        .map(
            delivery ->
                new Delivery(
                    delivery.covers(),
                    new LogEntry(
                        delivery.entry().session(),
                        delivery.entry().covers(),
                        delivery.entry().at(),
                        change.apply(delivery.entry().body()))))
        .toList();
  }

  @Override
  public CompletionStage<Reply> submit(ClientKey client, Command.OfSession command) {
    return submits.apply(new Submission(sessions, client, command));
  }

  @Override
  public CompletionStage<PullReply> pull(
      SessionId session, Cursor cursor, int maxEvents, int maxBytes) {
    return sessions.pull(session, cursor, maxEvents, maxBytes).thenApply(pulls);
  }

  @Override
  public CompletionStage<List<SessionId>> list(Optional<SessionId> after, int limit) {
    return sessions.list(after, limit);
  }

  @Override
  public CompletionStage<List<SessionId>> list(String owner, Optional<SessionId> after, int limit) {
    return sessions.list(owner, after, limit);
  }
}
