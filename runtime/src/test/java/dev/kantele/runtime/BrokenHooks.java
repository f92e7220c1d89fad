package dev.kantele.runtime;

import static java.util.concurrent.CompletableFuture.completedStage;
import static java.util.concurrent.CompletableFuture.failedStage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.kantele.protocol.EventBody.TurnFailed;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What the tests of hooks have in common. */
final class BrokenHooks {
  /** A model that calls send, and is done. */
  static final String CALLS_SEND =
      """
      - when: {call: 1}
        reply:
          - call: {tool: send, arguments: {to: 1}}
      - reply:
          - say: "Done."
      """;

  /** Answers that no hook may give, for each kind of answer. */
  static Stream<Arguments> broken() {
    return Stream.of(
        breaking(
            "throws",
            () -> {
              throw new IllegalStateException("injected");
            }),
        breaking(
            "lacks a class",
            () -> {
              throw new NoClassDefFoundError("injected");
            }),
        breaking("fails", () -> failedStage(new IllegalStateException("injected"))),
        breaking("answers null", () -> completedStage(null)),
        breaking("gives no stage", () -> null));
  }

  private static Arguments breaking(String what, Supplier<CompletionStage<?>> answer) {
    return arguments(what, answer);
  }

  @SuppressWarnings("unchecked") // Whatever it is, it is no answer.
  static <T> CompletionStage<T> answer(Supplier<CompletionStage<?>> answer) {
    return (CompletionStage<T>) answer.get();
  }

  /** Waits for the turn that ends since {@code hook} broke, and shows nothing of how. */
  static void assertThatTheTurnFailsFor(Subscriber subscriber, String hook, String when) {
    var end = (TurnFailed) subscriber.awaitTurnEnd();
    assertThat(end.error().code()).isEqualTo("hook_failed");
    assertThat(end.error().retryable()).isFalse();
    assertThat(end.error().message())
        .startsWith("the hook '" + hook + "' ")
        .contains(when)
        .doesNotContain("injected");
    assertThat(subscriber.open()).isEmpty();
  }

  private BrokenHooks() {}
}
