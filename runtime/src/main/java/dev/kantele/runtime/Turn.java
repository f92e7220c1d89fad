package dev.kantele.runtime;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.TurnId;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** A turn that was prompted. Thread-safe. */
public final class Turn {
  private final Session session;
  private final CompletionStage<TurnId> accepted;

  Turn(Session session, CompletionStage<Reply> reply) {
    this.session = session;
    this.accepted = reply.thenApply(Turn::turn);
  }

  private static TurnId turn(Reply reply) {
    return switch (reply) {
      case Reply.Ack(_, _, AckBody.PromptAccepted accepted) -> accepted.turn();
      case Reply.Nack(_, var error) -> throw new KanteleException(error);
      case Reply.Ack _, Reply.Welcome _, Reply.Pong _ ->
          throw new IllegalStateException("reply: " + reply + " (expected: prompt accepted)");
    };
  }

  /**
   * The turn's name, once the session has accepted it durably; fails with {@link KanteleException}
   * if it refuses.
   */
  public CompletionStage<TurnId> accepted() {
    return accepted;
  }

  /**
   * The turn's events, from {@code turn.queued} to its terminal event.
   *
   * <p>An event that stands for numbers of several turns, such as {@code session.snapshot}, is not
   * among them.
   */
  public Source<Event, NotUsed> events() {
    return Source.completionStageSource(
            accepted.thenApply(
                turn ->
                    session
                        .events(session.lastSeqAtOpen())
                        .filter(event -> isOf(event, turn))
                        .takeWhile(event -> !isEnd(event, turn), /* inclusive= */ true)))
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  private static boolean isOf(Event event, TurnId turn) {
    return switch (event.body()) {
      case EventBody.OfTurn of -> of.turn().equals(turn);
      case EventBody.Catchup(var events) ->
          events.stream()
              .anyMatch(live -> live instanceof EventBody.OfTurn of && of.turn().equals(turn));
      case EventBody.Durable _, EventBody.Live _, EventBody.Synthetic _, EventBody.Unknown _ ->
          false;
    };
  }

  private static boolean isEnd(Event event, TurnId turn) {
    return switch (event.body()) {
      case EventBody.TurnCompleted end -> end.turn().equals(turn);
      case EventBody.TurnFailed end -> end.turn().equals(turn);
      case EventBody.TurnCancelled end -> end.turn().equals(turn);
      case EventBody.Durable _, EventBody.Live _, EventBody.Synthetic _, EventBody.Unknown _ ->
          false;
    };
  }

  /**
   * How the turn ended, once it has. Nobody needs to wait for it: the turn goes on all the same.
   */
  public CompletionStage<TurnResult> result() {
    return events().runWith(Sink.fold(TurnResult.NONE, TurnResult::after), session.materializer());
  }
}
