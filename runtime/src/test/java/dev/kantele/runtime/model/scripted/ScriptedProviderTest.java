package dev.kantele.runtime.model.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelEvent.Failed;
import dev.kantele.runtime.model.ModelEvent.Finished;
import dev.kantele.runtime.model.ModelEvent.ReasoningDelta;
import dev.kantele.runtime.model.ModelEvent.ReasoningSigned;
import dev.kantele.runtime.model.ModelEvent.TextDelta;
import dev.kantele.runtime.model.ModelEvent.ToolCallDelta;
import dev.kantele.runtime.model.ModelEvent.ToolCallStarted;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.Requests;
import dev.kantele.runtime.tool.Tools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ScriptedProviderTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final ManualTime TIME = ManualTime.get(KIT.system());
  private static final Materializer MATERIALIZER = Materializer.matFromSystem(KIT.system());
  private static final Duration SHORT = Duration.ofMillis(50);

  @AfterAll
  static void stopSystem() {
    KIT.shutdownTestKit();
  }

  @Nested
  class Steps {
    @Test
    void text_is_streamed_in_pieces_of_eight_characters() throws Exception {
      assertThat(events(ScriptStep.say("Hello, this is me")))
          .containsExactly(
              new TextDelta(0, "Hello, t"),
              new TextDelta(0, "his is m"),
              new TextDelta(0, "e"),
              new Finished(FinishReason.END, Usage.NONE));
    }

    @Test
    void text_behind_text_continues_the_same_part() throws Exception {
      assertThat(
              events(
                  ScriptStep.say("one"),
                  ScriptStep.say("two"),
                  ScriptStep.flood(2, 3),
                  ScriptStep.reason("hm"),
                  ScriptStep.say("three")))
          .containsExactly(
              new TextDelta(0, "one"),
              new TextDelta(0, "two"),
              new TextDelta(0, "xxx"),
              new TextDelta(0, "xxx"),
              new ReasoningDelta(1, "hm"),
              new TextDelta(2, "three"),
              new Finished(FinishReason.END, Usage.NONE));
    }

    @Test
    void a_signature_ends_its_reasoning() throws Exception {
      assertThat(
              events(
                  new ScriptStep.Reason("a", Optional.of("sig"), Pacing.DEFAULT),
                  ScriptStep.reason("b")))
          .containsExactly(
              new ReasoningDelta(0, "a"),
              new ReasoningSigned(0, "sig"),
              new ReasoningDelta(1, "b"),
              new Finished(FinishReason.END, Usage.NONE));
    }

    @Test
    void an_empty_text_is_no_part() throws Exception {
      assertThat(events(ScriptStep.say(""), ScriptStep.reason(""), ScriptStep.say("a")))
          .containsExactly(new TextDelta(0, "a"), new Finished(FinishReason.END, Usage.NONE));
    }

    @Test
    void calls_are_parts_of_their_own_with_arguments_in_fragments() throws Exception {
      assertThat(
              events(
                  ScriptStep.call("a", Tools.json("{\"n\": 1}")),
                  ScriptStep.call("b", Tools.json("{\"zone\": \"UTC\"}"))))
          .containsExactly(
              new ToolCallStarted(0, "a"),
              new ToolCallDelta(0, "{\"n\":1}"),
              new ToolCallStarted(1, "b"),
              new ToolCallDelta(1, "{\"zone\":"),
              new ToolCallDelta(1, "\"UTC\"}"),
              new Finished(FinishReason.TOOL_CALLS, Usage.NONE));
    }

    @Test
    void a_malformed_call_hands_out_its_text() throws Exception {
      assertThat(events(ScriptStep.malformed("a", "{\"n\": ")))
          .containsExactly(
              new ToolCallStarted(0, "a"),
              new ToolCallDelta(0, "{\"n\": "),
              new Finished(FinishReason.TOOL_CALLS, Usage.NONE));
    }

    @Test
    void usage_and_finish_are_what_the_script_says() throws Exception {
      assertThat(
              events(
                  ScriptStep.usage(10, 2),
                  ScriptStep.say("a"),
                  ScriptStep.finish(FinishReason.MAX_TOKENS)))
          .endsWith(new Finished(FinishReason.MAX_TOKENS, new Usage(10, 2, 0)));
    }

    @Test
    void a_failure_ends_it() throws Exception {
      assertThat(events(ScriptStep.say("a"), ScriptStep.fail("overloaded", "Busy", true)))
          .containsExactly(
              new TextDelta(0, "a"), new Failed(new Failure("overloaded", "Busy", true)));
    }

    @Test
    void a_drop_ends_it_without_a_finish() throws Exception {
      assertThat(events(ScriptStep.say("a"), ScriptStep.drop()))
          .containsExactly(new TextDelta(0, "a"));
    }

    @Test
    void a_model_that_is_not_there_is_a_failed_stream() throws Exception {
      var provider = ScriptedProvider.of(Map.of("test", Script.saying("a")));
      var request = Requests.of("Hello").model("tset").build();

      assertThat(run(provider, request))
          .containsExactly(
              new Failed(
                  new Failure(
                      "model_not_found",
                      "There is no model 'scripted/tset' (expected: one of [test])",
                      false)));
    }
  }

  @Nested
  class Time {
    @Test
    void pauses_wait_for_the_scheduler() {
      TestProbe<Object> probe =
          started(
              ScriptStep.say("a"), ScriptStep.pause(Duration.ofSeconds(90)), ScriptStep.say("b"));

      probe.expectMessage(new TextDelta(0, "a"));
      TIME.expectNoMessageFor(Duration.ofSeconds(89), probe);
      TIME.timePasses(Duration.ofSeconds(1));
      probe.expectMessage(new TextDelta(0, "b"));
      probe.expectMessageClass(Finished.class);
    }

    @Test
    void deltas_come_at_their_pace() {
      TestProbe<Object> probe = started(ScriptStep.say("abc", 1, Duration.ofMillis(20)));

      probe.expectMessage(new TextDelta(0, "a"));
      TIME.expectNoMessageFor(Duration.ofMillis(19), probe);
      TIME.timePasses(Duration.ofMillis(1));
      probe.expectMessage(new TextDelta(0, "b"));
      TIME.expectNoMessageFor(Duration.ofMillis(19), probe);
      TIME.timePasses(Duration.ofMillis(1));
      probe.expectMessage(new TextDelta(0, "c"));
      probe.expectMessageClass(Finished.class);
    }

    @Test
    void never_stays_silent_until_it_is_cancelled() {
      TestProbe<Object> probe = started(ScriptStep.say("a"), ScriptStep.never());

      probe.expectMessage(new TextDelta(0, "a"));
      TIME.expectNoMessageFor(Duration.ofDays(1), probe);
    }

    /** Runs a reply whose elements go to the probe. */
    private TestProbe<Object> started(ScriptStep... steps) {
      TestProbe<Object> probe = KIT.createTestProbe();
      var provider = ScriptedProvider.of(Map.of("test", Script.of(ScriptReply.of(steps))));
      provider.stream(Requests.of("Hello").build())
          .runForeach(event -> probe.ref().tell(event), MATERIALIZER);
      return probe;
    }
  }

  @Nested
  class Calls {
    private final List<ModelRequest> log = new ArrayList<>();
    private final ModelRequest request = Requests.of("Hello").build();

    @Test
    void a_call_is_logged_when_it_is_made_and_not_before() throws Exception {
      var source = logged(CompletableFuture.completedFuture(null)).stream(request);
      assertThat(log).isEmpty();

      source.runWith(Sink.seq(), MATERIALIZER).toCompletableFuture().get(5, TimeUnit.SECONDS);
      source.runWith(Sink.seq(), MATERIALIZER).toCompletableFuture().get(5, TimeUnit.SECONDS);

      assertThat(log).containsExactly(request, request);
    }

    @Test
    void the_first_element_waits_until_the_call_is_written_down() {
      var written = new CompletableFuture<Void>();
      TestProbe<Object> probe = KIT.createTestProbe();
      logged(written).stream(request).runForeach(event -> probe.ref().tell(event), MATERIALIZER);

      probe.expectNoMessage(SHORT);
      written.complete(null);

      probe.expectMessage(new TextDelta(0, "a"));
    }

    private ScriptedProvider logged(CompletableFuture<Void> written) {
      return ScriptedProvider.of(Map.of("test", Script.saying("a")))
          .withCallLog(
              call -> {
                log.add(call);
                return written;
              });
    }
  }

  private static List<ModelEvent> events(ScriptStep... steps) throws Exception {
    var provider = ScriptedProvider.of(Map.of("test", Script.of(ScriptReply.of(steps))));
    return run(provider, Requests.of("Hello").build());
  }

  private static List<ModelEvent> run(ModelProvider provider, ModelRequest request)
      throws Exception {
    return provider.stream(request)
        .runWith(Sink.seq(), MATERIALIZER)
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
  }
}
