package dev.kantele.testkit;

import static dev.kantele.testkit.LogAssert.assertThatLog;
import static dev.kantele.testkit.Reply.calls;
import static dev.kantele.testkit.Reply.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.ToolEffect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each write of a turn goes wrong once, in each way; the turn ends all the same, and once. */
@Timeout(60)
final class EveryWriteTest {
  private static final int SEEDS = 2;
  private static final Command.Prompt PROMPT =
      new Command.Prompt(
          new CommandId("p"),
          new SessionId("s"),
          OptionalLong.empty(),
          List.of(new Part.Text("go")),
          Optional.empty(),
          Optional.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  @SuppressWarnings("ImmutableEnumChecker") // Its functions keep nothing.
  enum Mishap {
    CRASH_BEFORE(WriteFault::crashesBefore),
    CRASH_AFTER(WriteFault::crashesAfter),
    CRASH_AND_A_LONG_SLEEP(write -> write.crashesAfter(Duration.ofMinutes(5))),
    LATE(write -> write.comesLate(Duration.ofSeconds(1))),
    FAILURE(WriteFault::fails),
    LOST_ANSWER(WriteFault::losesItsAnswer),
    REJECTION(WriteFault::isRejected),
    DELAY(write -> write.takes(Duration.ofSeconds(5)));

    private final Consumer<WriteFault> order;

    Mishap(Consumer<WriteFault> order) {
      this.order = order;
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_turn_survives_it(Mishap mishap) {
    int writes = 0;
    while (strikes(mishap, writes + 1)) {
      writes++;
    }
    assertThat(writes).as("writes that " + mishap + " struck").isGreaterThan(6);
  }

  /** Whether there is an {@code nth} write. */
  private static boolean strikes(Mishap mishap, int nth) {
    boolean struck = false;
    for (long seed = 1; seed <= SEEDS; seed++) {
      try (TestNode node = TestNode.of(seed)) {
        struck = plays(node, mishap, nth);
        assertThat(node.world().strays()).isEmpty();
      }
    }
    return struck;
  }

  private static boolean plays(TestNode node, Mishap mishap, int nth) {
    RecordingTool look = node.tool("look", ToolEffect.READ_ONLY).takes(Duration.ofSeconds(2));
    RecordingTool pay = node.tool("pay", ToolEffect.RECONCILE).takes(Duration.ofSeconds(3));
    RecordingTool send = node.tool("send", ToolEffect.UNSAFE).takes(Duration.ofSeconds(1));
    node.allowAllTools()
        .model()
        .turn(
            says("I look first.").thenCalls("look", Map.of()).thenCalls("pay", Map.of("sum", 5)),
            calls("send", Map.of("to", "all")),
            says("Done."));
    node.open("s");
    mishap.order.accept(node.faults().write().of("s").nth(nth));
    var accepted = node.open("s").prompt(PROMPT).accepted().toCompletableFuture();
    node.time().advance(Duration.ofMinutes(10));
    if (!accepted.isDone() || accepted.isCompletedExceptionally()) {
      node.open("s").prompt(PROMPT);
    }

    node.time().advance(Duration.ofHours(4));

    assertThatLog(node.log("s")).keepsAllRules().hasOneTerminalPerTurn().endsAll();
    assertThat(pay.effects()).doesNotHaveDuplicates();
    assertThat(send.effects()).doesNotHaveDuplicates();
    assertThat(send.calls()).extracting(call -> call.effectId()).doesNotHaveDuplicates();
    assertThat(look.calls()).isNotEmpty();
    assertThatLog(node.log("s")).lastSays("Done.");
    return node.faults().journal().pending() == 0;
  }
}
