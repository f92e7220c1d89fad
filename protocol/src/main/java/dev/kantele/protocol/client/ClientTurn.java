package dev.kantele.protocol.client;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.TurnId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A turn that was prompted. Safe from any thread. */
public final class ClientTurn {
  private final ClientSession session;
  private final TurnId id;
  private final CompletableFuture<Accepted> accepted;
  private final AtomicReference<@Nullable CompletableFuture<TurnResult>> result =
      new AtomicReference<>();

  /** The node's answer, and a number after which all of the turn's events are. */
  record Accepted(AckBody.PromptAccepted reply, long after) {}

  ClientTurn(ClientSession session, TurnId id, CompletableFuture<Accepted> accepted) {
    this.session = session;
    this.id = id;
    this.accepted = accepted;
  }

  /** The name that the prompt gave the turn, known before the node has heard of it. */
  public TurnId id() {
    return id;
  }

  /**
   * Completes when the node has taken the prompt durably, with the turn that it runs in: one that
   * steers runs in the turn that it joined. Fails with {@link CommandRefusedException} if the
   * session refuses.
   */
  public CompletableFuture<AckBody.PromptAccepted> accepted() {
    return accepted.thenApply(Accepted::reply);
  }

  /**
   * How the turn that the prompt runs in ended, once it has. The log is read for it from the first
   * call on, across lost connections. Nobody needs to wait for it: the turn goes on all the same.
   *
   * <p>Fails with {@link CommandRefusedException} if the session refuses the prompt or is deleted,
   * and with {@link ConnectionEndedException} if the client's connection ends for good.
   */
  public CompletableFuture<TurnResult> result() {
    var mine = new CompletableFuture<TurnResult>();
    CompletableFuture<TurnResult> earlier = result.compareAndExchange(null, mine);
    if (earlier != null) {
      return earlier.copy();
    }
    var _ =
        accepted.whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                mine.completeExceptionally(
                    failure instanceof CompletionException wrapper && wrapper.getCause() != null
                        ? wrapper.getCause()
                        : failure);
              } else {
                session.watch(answer.reply().turn(), answer.after(), mine);
              }
            });
    return mine.copy();
  }

  /**
   * Cancels the turn, whether it runs, waits, or is still on its way. The future completes when the
   * wish is durable; the end is in {@link #result()}.
   */
  public CompletableFuture<Void> cancel(String reason) {
    TurnId turn =
        accepted.isDone() && !accepted.isCompletedExceptionally()
            ? accepted.join().reply().turn()
            : id;
    return session.cancel(turn, reason);
  }
}
