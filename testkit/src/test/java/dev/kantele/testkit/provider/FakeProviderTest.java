package dev.kantele.testkit.provider;

import static dev.kantele.testkit.Reply.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.codec.WireMapper;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.openai.OpenAiProviderFactory;
import dev.kantele.runtime.tool.ToolSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The fake as the runtime's own provider sees it. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FakeProviderTest {
  private static final ToolSpec LOOK =
      new ToolSpec(
          "look",
          "Looks.",
          WireMapper.json().createObjectNode().put("type", "object"),
          ToolEffect.READ_ONLY,
          Duration.ofSeconds(1));

  private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "fake");

  @AfterAll
  void stop() {
    system.terminate();
  }

  private static ModelProvider provider(FakeProvider vendor) {
    return Providers.of(new OpenAiProviderFactory(), "openai", vendor.url(), "sk-test", Map.of());
  }

  private static ModelRequest request() {
    return new ModelRequest(
        new SessionId("s"),
        new TurnId("t"),
        new StreamId("st"),
        /* attempt= */ 1,
        "test",
        Optional.empty(),
        List.of(Message.of(Role.USER, List.of(new Part.Text("Hello?")))),
        List.of(LOOK),
        Optional.empty(),
        Optional.empty());
  }

  private List<ModelEvent> ask(FakeProvider asked) {
    return provider(asked).stream(request())
        .runWith(Sink.seq(), system)
        .toCompletableFuture()
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
  }

  private List<ModelEvent> ask(HttpFault fault) {
    try (var broken = FakeProvider.start(Wire.openAiChat())) {
      broken.then(says("Hello, you there, all of you."), fault);
      return ask(broken);
    }
  }

  private static String text(List<ModelEvent> events) {
    var text = new StringBuilder();
    for (ModelEvent event : events) {
      if (event instanceof ModelEvent.TextDelta(_, var piece)) {
        text.append(piece);
      }
    }
    return text.toString();
  }

  @Test
  void says_what_the_script_says_and_remembers_what_it_was_asked() {
    try (var fake = FakeProvider.start(Wire.openAiChat())) {
      fake.then(says("Hello.").thenCalls("look", Map.of("at", 1)).thenUses(5, 7));

      List<ModelEvent> events = ask(fake);

      assertThat(text(events)).isEqualTo("Hello.");
      assertThat(events).contains(new ModelEvent.ToolCallStarted(1, "look"));
      assertThat(events.getLast())
          .isInstanceOfSatisfying(
              ModelEvent.Finished.class,
              end -> assertThat(end.usage().outputTokens()).isEqualTo(7));
      assertThat(fake.requests().getFirst().body().path("messages").findValuesAsText("content"))
          .contains("Hello?");
    }
  }

  @Test
  void a_status_is_a_failure_that_says_when_to_come_back() {
    List<ModelEvent> events = ask(new HttpFault.Status(429, Optional.of(Duration.ofSeconds(7))));

    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            ModelEvent.Failed.class,
            failed -> {
              assertThat(failed.failure().retryable()).isTrue();
              assertThat(failed.retryAfter()).contains(Duration.ofSeconds(7));
            });
  }

  @Test
  void an_error_of_the_server_is_a_failure() {
    assertThat(ask(new HttpFault.Status(500, Optional.empty())))
        .singleElement()
        .isInstanceOf(ModelEvent.Failed.class);
  }

  @Test
  void a_drop_after_some_bytes_leaves_what_came() {
    List<ModelEvent> events = ask(new HttpFault.DropAfter(400));

    assertThat(events).last().isInstanceOf(ModelEvent.Failed.class);
    assertThat("Hello, you there, all of you.").startsWith(text(events));
    assertThat(text(events)).isNotEqualTo("Hello, you there, all of you.");
  }

  @Test
  void a_slow_answer_is_whole() {
    assertThat(text(ask(new HttpFault.Slow(64, Duration.ofMillis(1)))))
        .isEqualTo("Hello, you there, all of you.");
  }

  @Test
  void garbage_is_a_failure() {
    assertThat(ask(new HttpFault.Garbage())).singleElement().isInstanceOf(ModelEvent.Failed.class);
  }
}
