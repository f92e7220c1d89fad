package dev.kantele.runtime.session.actor;

import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageFailure;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageRejected;

/**
 * Drops what the journal has left to say about a write that is known to have failed: it answers for
 * each row, and the first answer restarts the session. Pekko would keep the others among the
 * messages that wait, and would stop handing those out wherever it comes upon such an answer.
 */
final class LateAnswers extends BehaviorInterceptor<Object, SessionMessage> {
  private static final int NONE = 0;

  /** Whose write failed last; each restart has a number of its own. */
  private int failed = NONE;

  private LateAnswers() {
    super(Object.class);
  }

  /** Returns {@code session}, without late answers. */
  static Behavior<SessionMessage> dropped(Behavior<SessionMessage> session) {
    return Behaviors.intercept(LateAnswers::new, session).narrow();
  }

  @Override
  public Behavior<SessionMessage> aroundReceive(
      TypedActorContext<Object> context, Object message, ReceiveTarget<SessionMessage> target) {
    return switch (message) {
      case WriteMessageFailure answer when isLate(answer.actorInstanceId()) -> Behaviors.same();
      case WriteMessageRejected answer when isLate(answer.actorInstanceId()) -> Behaviors.same();
      default -> forward(context, message, target);
    };
  }

  private boolean isLate(int writer) {
    boolean late = writer == failed;
    failed = writer;
    return late;
  }

  /* Not only a session's own messages come this way, but all that its actor receives. */
  @SuppressWarnings("unchecked")
  private static Behavior<SessionMessage> forward(
      TypedActorContext<Object> context, Object message, ReceiveTarget<SessionMessage> target) {
    Behavior<?> next = ((ReceiveTarget<Object>) (ReceiveTarget<?>) target).apply(context, message);
    return (Behavior<SessionMessage>) next;
  }
}
