package dev.kantele.runtime.surroundings;

import java.time.Duration;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function2;

/** Questions from actor to actor that do not go by the JVM's common pool. */
public final class DirectAsk {
  /**
   * Does what {@link ActorContext#ask} does, whose answers take the way by the JVM's common pool
   * ({@link DirectStage}): asks {@code target}, and sends to the context's actor what {@code
   * answer} makes of the reply or, after {@code limit}, of the failure; the other of the two is
   * null.
   */
  public static <M, Q, A> void ask(
      ActorContext<M> context,
      ActorRef<Q> target,
      Duration limit,
      Function<ActorRef<A>, Q> question,
      Function2<A, Throwable, M> answer) {
    context.pipeToSelf(
        DirectStage.of(
            AskPattern.<Q, A>ask(target, question::apply, limit, context.getSystem().scheduler())),
        answer);
  }

  private DirectAsk() {}
}
