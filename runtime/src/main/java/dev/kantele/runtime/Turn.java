package dev.kantele.runtime;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SnapshotState;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.surroundings.DirectStage;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** A turn that was prompted. Thread-safe. */
public final class Turn {
  private final Session session;
  private final CompletionStage<Accepted> accepted;

  /** The turn, and a number after which all its events are. */
  private record Accepted(TurnId turn, long after) {}

  Turn(Session session, CompletionStage<Reply> reply, long after) {
    this.session = session;
    this.accepted = reply.thenApply(answer -> accepted(answer, after));
  }

  private static Accepted accepted(Reply reply, long after) {
    return switch (reply) {
      case Reply.Ack(_, var duplicate, AckBody.PromptAccepted accepted) ->
          /* It was prompted before, perhaps long ago. */
          new Accepted(accepted.turn(), duplicate ? 0 : after);
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
    return accepted.thenApply(Accepted::turn);
  }

  /**
   * The turn's events, from {@code turn.queued} to its terminal event.
   *
   * <p>An event that stands for numbers of several turns, such as {@code session.snapshot}, is not
   * among them. If the turn ended so long ago that its events are kept no longer, there are none.
   */
  public Source<Event, NotUsed> events() {
    return Source.completionStageSource(accepted.thenApply(this::events))
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  private Source<Event, NotUsed> events(Accepted accepted) {
    TurnId turn = accepted.turn();
    return session
        .events(accepted.after())
        .takeWhile(event -> !isEnd(event, turn), /* inclusive= */ true)
        .filter(event -> isOf(event, turn));
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
      case EventBody.SessionSnapshot(var page, _, var state) -> page == 1 && !isOpen(state, turn);
      case EventBody.Durable _, EventBody.Live _, EventBody.Synthetic _, EventBody.Unknown _ ->
          false;
    };
  }

  private static boolean isOpen(SnapshotState state, TurnId turn) {
    return state.queue().stream().anyMatch(queued -> queued.turn().equals(turn))
        || state.turn().filter(open -> open.turn().equals(turn)).isPresent();
  }

  /**
   * How the turn ended, once it has. Nobody needs to wait for it: the turn goes on all the same.
   */
  public CompletionStage<TurnResult> result() {
    CompletionStage<TurnResult> result =
        events().runWith(Sink.fold(TurnResult.NONE, TurnResult::after), session.materializer());
    return session.surroundings().waiting().awaitable(DirectStage.of(result));
  }
}
