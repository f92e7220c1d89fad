package dev.kantele.runtime;

import static dev.kantele.runtime.TestKantele.ack;
import static dev.kantele.runtime.TestKantele.get;
import static dev.kantele.runtime.TestKantele.nack;
import static dev.kantele.runtime.TestKantele.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody.ToolApprovalRequired;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.Reply;
import dev.kantele.runtime.settings.SettingsException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that is about to stop, whose time only the test moves. */
@Timeout(60)
final class DrainTest {
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final String CALLS_SEND =
      """
      - when: {call: 1}
        reply: {call: {tool: send, arguments: {}}}
      - say: "Sent."
      """;

  private final TestKantele node =
      TestKantele.start(
          """
          kantele.drain.grace = 30s
          kantele.agents.tester.approvals.rules = [{ tool = send, decision = ask }]
          """
              + ManualTime.config().root().render(ConfigRenderOptions.concise().setJson(false)));
  private final ManualTime time = ManualTime.get(node.kantele.system());

  @AfterEach
  void stop() {
    node.close();
  }

  private CompletableFuture<Integer> drain() {
    return node.kantele.drain().toCompletableFuture();
  }

  @Test
  void a_node_without_a_running_turn_is_done_at_once() {
    Session session = node.open();
    ack(session.submit(prompt(session, node.model.script("hello", "- say: Hello.\n"))));
    try (var subscriber = Subscriber.of(session)) {
      subscriber.await(TurnCompleted.class);
    }
    TestKantele.status(session);

    assertThat(node.kantele.runningTurns()).isZero();
    assertThat(drain()).isCompletedWithValue(0);
  }

  @Test
  void a_turn_that_runs_may_end_and_no_other_begins() {
    Session session = node.open();
    var calls = node.model.byHand("slow");
    ack(session.submit(prompt(session, calls.model)));
    TestModel.Call call = calls.next();
    assertThat(node.kantele.runningTurns()).isEqualTo(1);
    var drained = drain();

    Session other = node.open();
    assertThat(nack(other.submit(prompt(other, calls.model)))).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(nack(session.submit(prompt(session, calls.model, PromptPolicy.ENQUEUE))))
        .isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(TestKantele.status(session).turns()).hasSize(1);
    assertThat(drained).isNotDone();

    call.finish();
    assertThat(get(drained)).isZero();
    assertThat(TestKantele.status(session).turns()).isEmpty();
  }

  @Test
  void a_refused_prompt_may_be_repeated_to_the_next_node_and_leaves_no_trace() {
    Session session = node.open();
    assertThat(drain()).isCompletedWithValue(0);
    long before = TestKantele.status(session).lastSeq();

    var refused = (Reply.Nack) get(session.submit(prompt(session, "test/none")));

    assertThat(refused.error().retryable()).isTrue();
    assertThat(TestKantele.status(session).lastSeq()).isEqualTo(before);
    assertThat(node.busy()).doesNotContain(session.id());
  }

  @Test
  void a_cancel_is_taken_and_ends_the_wait() {
    Session session = node.open();
    var calls = node.model.byHand("held");
    ack(session.submit(prompt(session, calls.model)));
    calls.next();
    var drained = drain();

    ack(session.submit(TestKantele.cancel(session)));

    assertThat(get(drained)).isZero();
  }

  @Test
  void what_does_not_end_within_the_grace_is_left() {
    Session session = node.open();
    var calls = node.model.byHand("endless");
    ack(session.submit(prompt(session, calls.model)));
    calls.next();
    var drained = drain();

    time.timePasses(GRACE.minusMillis(1));
    assertThat(drained).isNotDone();
    time.timePasses(Duration.ofMillis(1));

    assertThat(get(drained)).isEqualTo(1);
    assertThat(node.busy()).contains(session.id());
  }

  @Test
  void a_turn_that_waits_for_a_decision_is_not_waited_for() {
    Session session = node.open();
    ack(session.submit(prompt(session, node.model.script("sender", CALLS_SEND))));
    try (var subscriber = Subscriber.of(session)) {
      subscriber.await(ToolApprovalRequired.class);
    }
    TestKantele.status(session);

    assertThat(drain()).isCompletedWithValue(0);
    assertThat(node.busy()).contains(session.id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1s", "61m", "soon"})
  void a_grace_that_can_not_be_is_refused(String grace) {
    var config = ConfigFactory.parseString("drain.grace = \"" + grace + "\"");

    assertThatThrownBy(() -> Kantele.drainGrace(config))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("kantele.drain.grace: '" + grace + "' (expected: a duration of ");
  }

  @Test
  void the_grace_is_10_seconds_unless_it_is_set() {
    assertThat(Kantele.drainGrace(KanteleSettings.load().config().getConfig("kantele")))
        .isEqualTo(Duration.ofSeconds(10));
  }
}
