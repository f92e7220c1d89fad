package dev.kantele.testkit.openai;

import static dev.kantele.testkit.Reply.says;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
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
import dev.kantele.testkit.Reply;
import dev.kantele.testkit.contract.ModelProviderContract;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The fake as the runtime's own provider sees it; and that provider by the contract. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FakeOpenAiTest {
  private static final ToolSpec LOOK =
      new ToolSpec(
          "look",
          "Looks.",
          WireMapper.json().createObjectNode().put("type", "object"),
          ToolEffect.READ_ONLY,
          Duration.ofSeconds(1));

  private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "fake");
  private final FakeOpenAi openAi = FakeOpenAi.start();

  @AfterEach
  void closeCalls() {
    openAi.then(says("unused"));
  }

  @AfterAll
  void stop() {
    openAi.close();
    system.terminate();
  }

  private static ModelProvider provider(FakeOpenAi openAi) {
    var config =
        ConfigFactory.parseMap(
                Map.of(
                    "kantele.models.openai.base-url", openAi.url(),
                    "kantele.models.openai.api-key", "sk-test",
                    "kantele.models.openai.models", List.of("test")))
            .withFallback(ConfigFactory.load())
            .resolve()
            .getConfig("kantele");
    return new OpenAiProviderFactory().create(config, Clock.systemUTC());
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

  private List<ModelEvent> ask(FakeOpenAi asked) {
    return provider(asked).stream(request())
        .runWith(Sink.seq(), system)
        .toCompletableFuture()
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
  }

  private List<ModelEvent> ask(HttpFault fault) {
    try (var broken = FakeOpenAi.start()) {
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
    try (var fake = FakeOpenAi.start()) {
      fake.then(says("Hello.").thenCalls("look", Map.of("at", 1)).thenUses(5, 7));

      List<ModelEvent> events = ask(fake);

      assertThat(text(events)).isEqualTo("Hello.");
      assertThat(events).contains(new ModelEvent.ToolCallStarted(1, "look"));
      assertThat(events.getLast())
          .isInstanceOfSatisfying(
              ModelEvent.Finished.class,
              end -> assertThat(end.usage().outputTokens()).isEqualTo(7));
      assertThat(fake.requests().getFirst().path("messages").findValuesAsText("content"))
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

  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class Contract extends ModelProviderContract {
    private final FakeOpenAi healthy =
        FakeOpenAi.start().then(says("Hello.").thenCalls("look", Map.of()));
    private final FakeOpenAi ill =
        FakeOpenAi.start().then(new HttpFault.Status(500, Optional.empty()));
    private final FakeOpenAi talkative =
        FakeOpenAi.start().then(Reply.says("word ".repeat(20_000)).thenHangs());

    @Override
    protected ModelProvider provider() {
      return new ModelProvider() {
        @Override
        public String name() {
          return FakeOpenAiTest.provider(healthy).name();
        }

        @Override
        public List<String> models() {
          return List.of("healthy", "ill", "talkative");
        }

        @Override
        public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
          FakeOpenAi vendor =
              switch (request.model()) {
                case "ill" -> ill;
                case "talkative" -> talkative;
                default -> healthy;
              };
          return FakeOpenAiTest.provider(vendor).stream(request);
        }
      };
    }

    @Override
    protected ModelRequest answered() {
      return request("healthy", "Hello?", LOOK);
    }

    @Override
    protected ModelRequest failing() {
      return request("ill", "Hello?");
    }

    @Override
    protected ModelRequest endless() {
      return request("talkative", "Go on.");
    }
  }
}
