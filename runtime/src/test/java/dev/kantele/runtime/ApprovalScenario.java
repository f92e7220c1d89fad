package dev.kantele.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody.SessionRecovered;
import dev.kantele.protocol.EventBody.ToolApprovalRequired;
import dev.kantele.protocol.EventBody.ToolApproved;
import dev.kantele.protocol.EventBody.ToolStarted;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.PendingRequest;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.log.ClientKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody is asked, the node is started again on the same file, and somebody else answers. */
@Timeout(60)
final class ApprovalScenario {
  private static final SessionId ID = new SessionId("s");
  private static final String ASKS = "kantele.agents.tester.approvals.otherwise = ask";
  private static final String ALLOWS = "kantele.agents.tester.approvals.otherwise = allow";

  @TempDir Path folder;
  private final List<String> runs = new ArrayList<>();

  /** The same tools and models in each life of the node. */
  private TestKantele.Parts parts() {
    var parts = new TestKantele.Parts();
    parts.model.script(
        "acts",
        """
        - when: {call: 1}
          reply: {call: {tool: send, arguments: {to: bob}}}
        - say: "Done."
        """);
    parts.send.onStart(
        ID,
        (call, output) -> {
          runs.add(call.arguments().path("to").asText());
          var run = new TestTool.Run(call, output);
          run.result.complete(TestTool.json("\"sent\""));
          return run;
        });
    return parts;
  }

  private static CompletionStage<Reply> approve(
      TestKantele node, String client, InvocationId invocation) {
    return node.kantele
        .sessions()
        .submit(
            new ClientKey("local", new ClientId(client)),
            new Command.ToolDecide(
                Session.newCommand(),
                ID,
                invocation,
                Decision.APPROVE,
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void an_approval_survives_the_node_and_the_tool_runs_once() {
    InvocationId asked;
    try (var node = TestKantele.start(folder, ASKS, parts())) {
      Session session = node.kantele.open(ID.value());
      session.prompt(TestKantele.prompt(session, "test/acts"));
      asked = Subscriber.of(session).await(ToolApprovalRequired.class).invocation();
    }
    assertThat(runs).isEmpty();

    try (var node = TestKantele.start(folder, ALLOWS, parts())) {
      Session session = node.kantele.open(ID.value());
      assertThat(TestKantele.status(session).pending())
          .extracting(PendingRequest::invocation)
          .containsExactly(Optional.of(asked));

      assertThat(TestKantele.ack(approve(node, "somebody-else", asked)))
          .isInstanceOf(AckBody.Done.class);
      assertThat(TestKantele.nack(approve(node, "too-late", asked)))
          .isEqualTo(ErrorCode.ALREADY_DECIDED);

      Subscriber subscriber = Subscriber.of(session);
      subscriber.await(TurnCompleted.class);
      assertThat(subscriber.seen(ToolApproved.class))
          .extracting(ToolApproved::by)
          .containsExactly("somebody-else");
      assertThat(subscriber.seen(ToolStarted.class)).hasSize(1);
      assertThat(subscriber.seen(SessionRecovered.class)).isEmpty();
    }

    try (var node = TestKantele.start(folder, ALLOWS, parts())) {
      assertThat(TestKantele.status(node.kantele.open(ID.value())).turns()).isEmpty();
    }
    assertThat(runs).containsExactly("bob");
  }
}
