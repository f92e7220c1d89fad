package dev.kantele.runtime;

import static dev.kantele.runtime.TestKantele.ack;
import static dev.kantele.runtime.TestKantele.get;
import static dev.kantele.runtime.TestKantele.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.AckBody.TurnStatus;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.EventBody.ToolStarted;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.EventBody.TurnStarted;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.ToolDescription;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.log.ClientKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node that is about to stop leaves to the next one on the same data. */
@Timeout(60)
final class DrainedNodeTest {
  private static final String GRACE = "kantele.drain.grace = 1h";
  private static final ClientKey RUNNER =
      new ClientKey(Kantele.LOCAL_PRINCIPAL, new ClientId("runner"));

  @TempDir private Path folder;
  private final TestKantele.Parts parts = new TestKantele.Parts();

  private TestKantele start() {
    return TestKantele.start(folder, GRACE, parts);
  }

  private static CompletableFuture<Integer> drain(TestKantele node) {
    return node.kantele.drain().toCompletableFuture();
  }

  private static TurnId enqueue(Session session, String model) {
    return ((AckBody.PromptAccepted)
            ack(session.submit(prompt(session, model, PromptPolicy.ENQUEUE))))
        .turn();
  }

  private static List<TurnStatus> turns(Session session) {
    return TestKantele.status(session).turns();
  }

  @Test
  void turns_that_wait_do_not_start_but_run_on_the_next_node_in_their_order() {
    var calls = parts.model.byHand("slow");
    String quick = parts.model.script("quick", "- say: Done.\n");
    TurnId second;
    TurnId third;
    SessionId id;
    try (TestKantele node = start()) {
      Session session = node.open();
      id = session.id();
      enqueue(session, calls.model);
      TestModel.Call call = calls.next();
      second = enqueue(session, quick);
      third = enqueue(session, quick);
      var drained = drain(node);
      assertThat(drained).isNotDone();

      call.finish();

      assertThat(get(drained)).isZero();
      assertThat(turns(session))
          .containsExactly(new TurnStatus(second, "queued"), new TurnStatus(third, "queued"));
      assertThat(node.busy()).contains(id);
    }
    try (TestKantele node = start()) {
      Session session = node.kantele.open(id.value());
      try (var subscriber = Subscriber.of(session)) {
        for (int turn = 0; turn < 3; turn++) {
          subscriber.await(TurnCompleted.class);
        }
        assertThat(subscriber.seen(TurnStarted.class))
            .extracting(TurnStarted::turn)
            .endsWith(second, third);
      }
      assertThat(turns(session)).isEmpty();
    }
  }

  @Test
  void one_that_waits_can_still_be_cancelled_and_its_session_closed() {
    var calls = parts.model.byHand("slow");
    try (TestKantele node = start()) {
      Session session = node.open();
      enqueue(session, calls.model);
      TestModel.Call call = calls.next();
      TurnId second = enqueue(session, calls.model);
      enqueue(session, calls.model);
      var drained = drain(node);
      call.finish();
      assertThat(get(drained)).isZero();

      ack(
          session.submit(
              new Command.Cancel(
                  Session.newCommand(),
                  session.id(),
                  Optional.of(second),
                  Optional.empty(),
                  OptionalLong.empty())));
      assertThat(turns(session)).hasSize(1);
      ack(
          session.submit(
              new Command.SessionClose(Session.newCommand(), session.id(), Optional.empty())));

      assertThat(turns(session)).isEmpty();
      assertThat(TestKantele.status(session).closed()).isTrue();
    }
  }

  @Test
  void a_turn_that_waits_for_a_client_that_runs_a_tool_is_left_at_once_and_goes_on_there() {
    String model =
        parts.model.script(
            "remote",
            """
            - when: {call: 1}
              reply: {call: {tool: fetch, arguments: {}}}
            - say: "Fetched."
            """);
    SessionId id;
    InvocationId invocation;
    try (TestKantele node = start()) {
      Session session = node.open();
      id = session.id();
      register(node, id);
      enqueue(session, model);
      try (var subscriber = Subscriber.of(session)) {
        invocation = subscriber.await(ToolStarted.class).invocation();
      }
      turns(session);

      assertThat(drain(node)).isCompletedWithValue(0);
      assertThat(node.busy()).contains(id);
    }
    try (TestKantele node = start()) {
      ack(
          node.kantele
              .sessions()
              .submit(
                  RUNNER,
                  new Command.ToolResult(
                      Session.newCommand(),
                      id,
                      invocation,
                      Optional.of(JsonNodeFactory.instance.textNode("a page")),
                      Optional.empty())));
      try (var subscriber = Subscriber.of(node.kantele.open(id.value()))) {
        subscriber.await(TurnCompleted.class);
        assertThat(subscriber.seen(ToolStarted.class)).hasSize(1);
      }
    }
  }

  @Test
  void a_turn_whose_other_call_runs_here_is_waited_for() {
    String model =
        parts.model.script(
            "both",
            """
            - when: {call: 1}
              reply:
                - call: {tool: fetch, arguments: {}}
                - call: {tool: look, arguments: {}}
            - say: "Both."
            """);
    try (TestKantele node = start()) {
      Session session = node.open();
      register(node, session.id());
      enqueue(session, model);
      try (var subscriber = Subscriber.of(session)) {
        subscriber.await(ToolStarted.class);
        subscriber.await(ToolStarted.class);
        var run = node.look.next(session.id());
        var drained = drain(node);
        assertThat(drained).isNotDone();

        run.result.complete(TestTool.json("\"seen\""));

        assertThat(get(drained)).isZero();
      }
    }
  }

  private static void register(TestKantele node, SessionId session) {
    ack(
        node.kantele
            .sessions()
            .submit(
                RUNNER,
                new Command.ToolRegister(
                    Session.newCommand(),
                    session,
                    OptionalLong.empty(),
                    List.of(
                        new ToolDescription(
                            "fetch",
                            "Fetches a page.",
                            JsonNodeFactory.instance.objectNode().put("type", "object"),
                            ToolEffect.READ_ONLY,
                            OptionalLong.empty())))));
  }
}
