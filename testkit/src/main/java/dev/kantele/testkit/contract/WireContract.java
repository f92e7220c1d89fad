package dev.kantele.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.codec.WireMapper;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.scripted.Pacing;
import dev.kantele.runtime.model.scripted.ScriptStep;
import dev.kantele.runtime.tool.ToolSpec;
import dev.kantele.testkit.Reply;
import dev.kantele.testkit.provider.FakeProvider;
import dev.kantele.testkit.provider.FakeRequest;
import dev.kantele.testkit.provider.HttpFault;
import dev.kantele.testkit.provider.Piece;
import dev.kantele.testkit.provider.VendorError;
import dev.kantele.testkit.provider.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What a provider that speaks a vendor's wire must do besides {@link ModelProviderContract}, whose
 * requests it brings along. A subclass gives the wire, and makes the provider for a base URL. In
 * real time.
 */
@SuppressWarnings("this-escape") // Which wire it is, a subclass says without a state of its own.
public abstract class WireContract extends ModelProviderContract {
  /** The key with which every provider is to be made, and which nothing may show. */
  protected static final String KEY = "sk-very-secret-1234567890";

  /** The name of the model that is called. */
  protected static final String MODEL = "test";

  private static final String TEXT = "Grüße, 世界! 🎻 «и» \u2028 ok";

  private static final Set<VendorError> PASSING =
      EnumSet.of(VendorError.RATE_LIMIT, VendorError.OVERLOADED, VendorError.INTERNAL);

  private static final Map<VendorError, String> CODES =
      new EnumMap<>(
          Map.of(
              VendorError.RATE_LIMIT, "rate_limited",
              VendorError.OVERLOADED, "provider_unavailable",
              VendorError.INTERNAL, "provider_unavailable",
              VendorError.UNAUTHENTICATED, "unauthenticated",
              VendorError.FORBIDDEN, "forbidden",
              VendorError.QUOTA, "insufficient_quota",
              VendorError.CONTEXT_TOO_LONG, "context_length_exceeded",
              VendorError.CONTENT_FILTER, "content_filter",
              VendorError.BAD_REQUEST, "invalid_request",
              VendorError.NOT_FOUND, "model_not_found"));

  private static final ToolSpec LOOK =
      new ToolSpec(
          "look",
          "Looks: élan.",
          object("{'type':'object','properties':{'at':{'type':'string'}},'required':['at']}"),
          ToolEffect.READ_ONLY,
          Duration.ofSeconds(1));

  private final FakeProvider healthy =
      FakeProvider.start(wire()).then(Reply.says("Hello.").thenCalls("look", Map.of()));
  private final FakeProvider ill = FakeProvider.start(wire()).then(Reply.says("He").thenDrops());
  private final FakeProvider talkative =
      FakeProvider.start(wire()).then(Reply.says("word ".repeat(20_000)).thenHangs());

  /** For subclasses. */
  protected WireContract() {}

  /** The wire. */
  protected abstract Wire wire();

  /**
   * The provider under test with {@link #KEY}, and a model called {@link #MODEL}.
   *
   * @param settings of the provider's block, such as {@code first-event-timeout}
   */
  protected abstract ModelProvider provider(String baseUrl, Map<String, ?> settings);

  /** Whether reasoning comes at all. */
  protected boolean reasons() {
    return true;
  }

  /** Whether the vendor signs its reasoning, and wants it back. */
  protected boolean signs() {
    return true;
  }

  /** Whether the vendor says how many tokens came from its cache. */
  protected boolean countsCached() {
    return true;
  }

  /** Whether a picture is sent with its media type. */
  protected boolean namesMediaTypes() {
    return true;
  }

  /** Whether the vendor has a field for a schema of the output. */
  protected boolean takesSchemas() {
    return true;
  }

  /** The reasons by which the vendor can end an answer. */
  protected List<FinishReason> finishReasons() {
    return List.of(FinishReason.values());
  }

  @AfterAll
  final void stopVendors() {
    List.of(healthy, ill, talkative).forEach(FakeProvider::close);
  }

  @Override
  protected final ModelProvider provider() {
    return new ModelProvider() {
      @Override
      public String name() {
        return provider(healthy.url(), Map.of()).name();
      }

      @Override
      public List<String> models() {
        return List.of("healthy", "ill", "talkative");
      }

      @Override
      public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
        FakeProvider called =
            switch (request.model()) {
              case "ill" -> ill;
              case "talkative" -> talkative;
              default -> healthy;
            };
        return provider(called.url(), Map.of()).stream(request);
      }
    };
  }

  @Override
  protected final ModelRequest answered() {
    return request("healthy", "Hello?", LOOK);
  }

  @Override
  protected final ModelRequest failing() {
    return request("ill", "Hello?");
  }

  @Override
  protected final ModelRequest endless() {
    return request("talkative", "Go on.");
  }

  private static ObjectNode object(String json) {
    try {
      return (ObjectNode) WireMapper.json().readTree(json.replace('\'', '"'));
    } catch (IOException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static ModelRequest request(
      List<Message> transcript, Optional<JsonNode> schema, ToolSpec... tools) {
    return new ModelRequest(
        new SessionId("contract"),
        new TurnId("turn"),
        new StreamId("stream"),
        /* attempt= */ 1,
        MODEL,
        Optional.of("Sei höflich. 请"),
        transcript,
        List.of(tools),
        Optional.empty(),
        schema);
  }

  private static Message user(Part... parts) {
    return Message.of(Role.USER, List.of(parts));
  }

  private static ModelRequest plain() {
    return request(List.of(user(new Part.Text(TEXT))), Optional.empty(), LOOK);
  }

  private List<ModelEvent> ask(Reply reply) {
    return ask(reply, new HttpFault.None());
  }

  private List<ModelEvent> ask(Reply reply, HttpFault fault) {
    try (var server = FakeProvider.start(wire()).then(reply, fault)) {
      return events(provider(server.url(), Map.of()), plain());
    }
  }

  /** What is sent for {@code request}. */
  private FakeRequest sent(ModelRequest request) {
    try (var server = FakeProvider.start(wire()).then(Reply.says("Good."))) {
      events(provider(server.url(), Map.of()), request);
      return server.requests().getFirst();
    }
  }

  /** Deltas of one part that follow each other become one, since a vendor may cut as it likes. */
  private static List<ModelEvent> joined(List<ModelEvent> events) {
    var joined = new ArrayList<ModelEvent>();
    for (ModelEvent event : events) {
      @Nullable ModelEvent last = joined.isEmpty() ? null : joined.getLast();
      if (last instanceof ModelEvent.TextDelta(int part, var said)
          && event instanceof ModelEvent.TextDelta(int at, var more)
          && part == at) {
        joined.set(joined.size() - 1, new ModelEvent.TextDelta(part, said + more));
      } else if (last instanceof ModelEvent.ReasoningDelta(int part, var said)
          && event instanceof ModelEvent.ReasoningDelta(int at, var more)
          && part == at) {
        joined.set(joined.size() - 1, new ModelEvent.ReasoningDelta(part, said + more));
      } else if (last instanceof ModelEvent.ToolCallDelta(int part, var said)
          && event instanceof ModelEvent.ToolCallDelta(int at, var more)
          && part == at) {
        joined.set(joined.size() - 1, new ModelEvent.ToolCallDelta(part, said + more));
      } else {
        joined.add(event);
      }
    }
    return joined;
  }

  private static Reply everything() {
    return Reply.says(TEXT)
        .thenCalls("look", Map.of("at", "Ω и \"x\" \\ 🎻"))
        .thenCalls("look", Map.of("at", "b", "deep", Map.of("list", List.of(1, 2.5, true))))
        .then(new ScriptStep.Report(new Usage(100, 20, 40)));
  }

  private static Reply small() {
    return Reply.says("é世🎻")
        .thenCalls("look", Map.of("at", "Ω\""))
        .then(new ScriptStep.Report(new Usage(100, 20, 40)));
  }

  private static Map<Integer, String> arguments(List<ModelEvent> events) {
    var arguments = new TreeMap<Integer, String>();
    for (ModelEvent event : events) {
      if (event instanceof ModelEvent.ToolCallStarted(int part, _)) {
        arguments.put(part, "");
      }
      if (event instanceof ModelEvent.ToolCallDelta(int part, var text)) {
        arguments.merge(part, text, String::concat);
      }
    }
    return arguments;
  }

  @Test
  final void text_is_as_it_was_said_in_any_script() {
    assertThat(joined(ask(Reply.says(TEXT))).getFirst())
        .isEqualTo(new ModelEvent.TextDelta(0, TEXT));
  }

  @Test
  final void what_people_and_instructions_say_is_sent_in_any_script() {
    assertThat(strings(sent(plain()).body())).contains(TEXT, "Sei höflich. 请", "Looks: élan.");
  }

  @Test
  final void several_calls_in_one_message_keep_their_arguments() {
    List<ModelEvent> events = ask(everything());

    assertThat(arguments(events).values())
        .extracting(WireContract::object)
        .containsExactly(
            object("{}").put("at", "Ω и \"x\" \\ 🎻"),
            object("{'at':'b','deep':{'list':[1,2.5,true]}}"));
    assertThat(events)
        .last()
        .isInstanceOfSatisfying(
            ModelEvent.Finished.class,
            end -> assertThat(end.reason()).isEqualTo(FinishReason.TOOL_CALLS));
  }

  @Test
  final void calls_and_their_results_are_sent_back() {
    var first = new InvocationId("inv-1");
    var second = new InvocationId("inv-2");
    JsonNode sent =
        sent(request(
                List.of(
                    user(new Part.Text("Look.")),
                    Message.of(
                        Role.ASSISTANT,
                        List.of(
                            new Part.ToolCall(first, "look", object("{'at':'Ω'}")),
                            new Part.ToolCall(second, "look", object("{'at':'b'}")))),
                    Message.of(
                        Role.TOOL,
                        List.of(
                            new Part.ToolResult(
                                first,
                                Optional.of(JsonNodeFactory.instance.textNode("blau")),
                                Optional.empty()))),
                    Message.of(
                        Role.TOOL,
                        List.of(
                            new Part.ToolResult(
                                second,
                                Optional.empty(),
                                Optional.of(
                                    new Failure("denied", "Nein 🎻.", /* retryable= */ false)))))),
                Optional.empty(),
                LOOK))
            .body();

    assertThat(strings(sent)).anyMatch(text -> text.contains("blau"));
    assertThat(strings(sent)).anyMatch(text -> text.contains("Nein 🎻."));
    assertThat(sent.toString()).contains("Ω");
  }

  @Test
  final void reasoning_comes_and_goes_back_with_its_signature() {
    if (!reasons()) {
      return;
    }
    List<ModelEvent> events =
        joined(
            ask(
                Reply.says("")
                    .then(new ScriptStep.Reason("Hm, 世界.", Optional.of("c2lnbmVk"), Pacing.DEFAULT))
                    .thenSays("Ja.")));

    assertThat(events.getFirst()).isEqualTo(new ModelEvent.ReasoningDelta(0, "Hm, 世界."));
    if (!signs()) {
      return;
    }
    assertThat(events.get(1)).isInstanceOf(ModelEvent.ReasoningSigned.class);
    var signed = (ModelEvent.ReasoningSigned) events.get(1);
    JsonNode sent =
        sent(request(
                List.of(
                    user(new Part.Text("Well?")),
                    Message.of(
                        Role.ASSISTANT,
                        List.of(
                            new Part.Reasoning("Hm, 世界.", Optional.of(signed.signature())),
                            new Part.Text("Ja."))),
                    user(new Part.Text("Sure?"))),
                Optional.empty()))
            .body();
    assertThat(strings(sent)).contains("c2lnbmVk", "Hm, 世界.");
  }

  @Test
  final void a_signature_of_another_vendor_is_not_sent() {
    JsonNode sent =
        sent(request(
                List.of(
                    user(new Part.Text("Well?")),
                    Message.of(
                        Role.ASSISTANT,
                        List.of(
                            new Part.Reasoning("Hm.", Optional.of("nobody:Zm9yZWlnbg")),
                            new Part.Text("Ja."))),
                    user(new Part.Text("Sure?"))),
                Optional.empty()))
            .body();

    assertThat(sent.toString()).doesNotContain("Zm9yZWlnbg");
  }

  @Test
  final void pictures_are_sent() {
    JsonNode sent =
        sent(request(
                List.of(
                    user(
                        new Part.Text("What is it?"),
                        new Part.Image(
                            "image/png", Optional.of("iVBORw0KGgo="), Optional.empty()))),
                Optional.empty()))
            .body();

    assertThat(sent.toString()).contains("iVBORw0KGgo=");
    if (namesMediaTypes()) {
      assertThat(sent.toString()).contains("image/png");
    }
  }

  @Test
  final void an_output_schema_is_sent() {
    ObjectNode schema =
        object(
            "{'type':'object','properties':{'größe':{'type':'integer'}},'required':['größe'],'additionalProperties':false}");

    JsonNode sent =
        sent(request(List.of(user(new Part.Text("How big?"))), Optional.of(schema))).body();

    if (takesSchemas()) {
      assertThat(sent.findValue("größe")).isEqualTo(object("{'type':'integer'}"));
    } else {
      assertThat(strings(sent)).anyMatch(text -> text.contains(schema.toString()));
    }
  }

  @Test
  final void each_reason_for_the_end_is_told() {
    for (FinishReason reason : finishReasons()) {
      Reply reply =
          reason == FinishReason.TOOL_CALLS
              ? Reply.calls("look", Map.of("at", "x"))
              : Reply.says("So.").thenFinishes(reason);
      assertThat(ask(reply))
          .last()
          .isInstanceOfSatisfying(
              ModelEvent.Finished.class, end -> assertThat(end.reason()).isEqualTo(reason));
    }
  }

  @Test
  final void tokens_are_counted_those_of_the_cache_too() {
    var expected = new Usage(100, 20, countsCached() ? 40 : 0);

    assertThat(ask(everything()))
        .last()
        .isInstanceOfSatisfying(
            ModelEvent.Finished.class, end -> assertThat(end.usage()).isEqualTo(expected));
  }

  @Test
  final void what_is_empty_or_unknown_is_passed_over() {
    assertThat(joined(ask(everything(), new HttpFault.Noise())))
        .isEqualTo(joined(ask(everything())));
  }

  @Test
  final void bytes_may_come_one_by_one() {
    assertThat(ask(everything(), new HttpFault.SplitEvery(1))).isEqualTo(ask(everything()));
  }

  @Test
  final void an_answer_may_be_cut_in_two_at_any_byte() {
    // Each byte is a call, so there are few of them.
    List<ModelEvent> whole = ask(small());
    try (var server = FakeProvider.start(wire()).then(small())) {
      ModelProvider called = provider(server.url(), Map.of());
      get(run(called, plain()));
      int bytes = bytes(small(), server.requests().getFirst());
      for (int i = 1; i < bytes; i++) {
        server.then(small(), new HttpFault.SplitAt(i));
      }

      // The first of them is answered as before, by the answer that was there.
      List<List<ModelEvent>> answers =
          get(
              Source.range(1, bytes)
                  .mapAsync(8, _ -> run(called, plain()))
                  .runWith(Sink.seq(), system()));

      assertThat(answers).hasSize(bytes).allSatisfy(each -> assertThat(each).isEqualTo(whole));
    }
  }

  private int bytes(Reply reply, FakeRequest request) {
    int bytes = 0;
    for (Piece piece : wire().pieces(reply, request)) {
      if (piece instanceof Piece.Data(var data)) {
        bytes += data.length;
      }
    }
    return bytes;
  }

  @Test
  final void a_cancel_is_seen_by_the_vendor_within_a_second() throws Exception {
    try (var server = FakeProvider.start(wire()).then(Reply.says("Half").thenHangs())) {
      var said =
          provider(server.url(), Map.of()).stream(plain()).take(1).runWith(Sink.seq(), system());

      get(said);
      server.requests().getFirst().closed().toCompletableFuture().get(1, TimeUnit.SECONDS);
    }
  }

  @TestFactory
  final Stream<DynamicTest> what_the_vendor_refuses_is_a_failure_that_says_why() {
    return CODES.keySet().stream()
        .filter(error -> wire().refused(error, "").isPresent())
        .map(error -> dynamicTest(error.name(), () -> refuses(error)));
  }

  private void refuses(VendorError error) {
    HttpFault fault =
        new HttpFault.Refusal(
            error,
            "It is so: " + KEY,
            error == VendorError.RATE_LIMIT
                ? Optional.of(Duration.ofSeconds(7))
                : Optional.empty());

    List<ModelEvent> events = ask(Reply.says("unheard"), fault);

    assertThat(events).hasSize(1);
    assertThat(events.toString()).doesNotContain(KEY);
    assertThat(events.getFirst())
        .isInstanceOfSatisfying(
            ModelEvent.Failed.class,
            failed -> {
              assertThat(failed.failure().code()).isEqualTo(CODES.get(error));
              assertThat(failed.failure().retryable()).isEqualTo(PASSING.contains(error));
              assertThat(failed.retryAfter())
                  .isEqualTo(
                      error == VendorError.RATE_LIMIT
                          ? Optional.of(Duration.ofSeconds(7))
                          : Optional.empty());
            });
  }

  @Test
  final void an_error_in_the_middle_of_an_answer_is_a_failure() {
    List<ModelEvent> events = ask(Reply.says("Half an ").thenFails("overloaded_error", true));

    assertThat(joined(events).getFirst()).isEqualTo(new ModelEvent.TextDelta(0, "Half an "));
    failure(events, null, /* retryable= */ true);
  }

  @Test
  final void an_answer_that_ends_without_a_finish_is_incomplete() {
    failure(ask(Reply.says("Half an ").thenDrops()), "incomplete", /* retryable= */ true);
  }

  @Test
  final void a_connection_that_breaks_is_a_network_failure() {
    failure(ask(Reply.says(TEXT), new HttpFault.DropAfter(40)), "network", /* retryable= */ true);
  }

  @Test
  final void a_server_that_is_not_there_is_a_network_failure() throws IOException {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String url = "http://127.0.0.1:" + port + wire().basePath();

    failure(events(provider(url, Map.of()), plain()), "network", /* retryable= */ true);
  }

  @Test
  final void silence_is_a_timeout() {
    try (var server = FakeProvider.start(wire()).then(new HttpFault.Hang())) {
      List<ModelEvent> events =
          events(provider(server.url(), Map.of("first-event-timeout", "200ms")), plain());

      failure(events, "timeout", /* retryable= */ true);
    }
  }

  @Test
  final void silence_in_the_middle_of_an_answer_is_a_timeout() {
    try (var server = FakeProvider.start(wire()).then(Reply.says("Half").thenHangs())) {
      List<ModelEvent> events =
          events(provider(server.url(), Map.of("idle-timeout", "200ms")), plain());

      failure(events, "timeout", /* retryable= */ true);
    }
  }

  @Test
  final void garbage_is_a_failure() {
    failure(ask(Reply.says(""), new HttpFault.Garbage()), "provider_error", /* retryable= */ true);
  }

  private static void failure(List<ModelEvent> events, @Nullable String code, boolean retryable) {
    assertThat(events.toString()).doesNotContain(KEY);
    assertThat(events)
        .last()
        .isInstanceOfSatisfying(
            ModelEvent.Failed.class,
            failed -> {
              if (code != null) {
                assertThat(failed.failure().code()).isEqualTo(code);
              }
              assertThat(failed.failure().retryable()).isEqualTo(retryable);
            });
  }

  /** Every text in {@code json}. */
  private static List<String> strings(JsonNode json) {
    var strings = new ArrayList<String>();
    if (json.isTextual()) {
      strings.add(json.textValue());
    }
    json.forEach(child -> strings.addAll(strings(child)));
    return strings;
  }
}
