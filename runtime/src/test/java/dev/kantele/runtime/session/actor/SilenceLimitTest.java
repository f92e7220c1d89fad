package dev.kantele.runtime.session.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class SilenceLimitTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final Duration LIMIT = Duration.ofSeconds(16);
  private static final Duration TICK = Duration.ofSeconds(1);

  private final ManualTime time = ManualTime.get(KIT.system());
  private final SourceQueueWithComplete<String> model;
  private final SinkQueueWithCancel<String> reader;

  SilenceLimitTest() {
    var running =
        Source.<String>queue(4, OverflowStrategy.backpressure())
            .via(new SilenceLimit<>(LIMIT))
            .toMat(Sink.<String>queue().withAttributes(Attributes.inputBuffer(1, 1)), Keep.both())
            .run(KIT.system());
    model = running.first();
    reader = running.second();
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  /* The stage runs on its own thread: what it did is seen by an element that has passed it. */
  private void pass(String element) {
    get(model.offer(element));
    assertThat(get(reader.pull())).contains(element);
  }

  @Test
  void a_source_that_says_nothing_fails_after_the_limit() {
    pass("a");
    CompletableFuture<?> next = reader.pull().toCompletableFuture();

    time.timePasses(LIMIT.plus(TICK));

    assertThatThrownBy(() -> get(next))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(TimeoutException.class)
        .hasMessageContaining("PT16S");
  }

  @Test
  void each_element_begins_the_limit_anew() {
    for (String element : new String[] {"a", "b", "c"}) {
      pass(element);
      time.timePasses(LIMIT.minus(TICK));
    }

    pass("d");
  }

  @Test
  void nobody_waits_for_a_source_that_was_not_asked() {
    pass("a");
    get(model.offer("b"));
    get(model.offer("c"));
    get(model.offer("d"));

    time.timePasses(LIMIT.multipliedBy(3));

    assertThat(get(reader.pull())).contains("b");
    assertThat(get(reader.pull())).contains("c");
  }

  @Test
  void a_limit_of_nothing_is_refused() {
    assertThatThrownBy(() -> new SilenceLimit<String>(Duration.ZERO))
        .hasMessage("limit: PT0S (expected: more than 0)");
  }
}
