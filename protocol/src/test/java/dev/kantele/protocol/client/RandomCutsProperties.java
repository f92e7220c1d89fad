package dev.kantele.protocol.client;

import static dev.kantele.protocol.client.ClientHarness.join;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Part;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** What a client promises, whenever its connection is cut. */
class RandomCutsProperties {
  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void each_prompt_takes_effect_once_and_in_order_and_no_event_is_missed_or_repeated(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int cuts,
      @ForAll @IntRange(min = 1, max = 40) int prompts,
      @ForAll @IntRange(min = 1, max = 20) int window)
      throws IOException, InterruptedException {
    var simulated = new SimulatedNode(new SplittableRandom(seed), cuts);
    try (var node = new FakeNode()) {
      /* One more than are cut, and one in case that the first try meets a cut before its welcome. */
      for (int i = 0; i < cuts + 2; i++) {
        node.then(simulated::play);
      }
      var settings =
          ClientSettings.of(node.url())
              .eventWindow(window)
              .backoff(Duration.ofMillis(1), Duration.ofMillis(5));
      try (var client = KanteleClient.connect(settings)) {
        ClientSession session = client.open("s");
        Recorder early = Recorder.of(session.events(0));
        List<CommandId> acked = play(session, prompts);

        assertThat(simulated.taken()).isEqualTo(acked);
        int last = 1 + 4 * acked.size();
        List<Long> all = LongStream.rangeClosed(1, last).boxed().toList();
        assertThat(early.next(last)).isEqualTo(all);
        assertThat(Recorder.of(session.events(0)).next(last)).isEqualTo(all);
        assertThat(early.waiting()).isZero();
      }
      assertThat(node.failures()).isEmpty();
    }
  }

  /**
   * Prompts all at once, and returns those that were accepted, each with the end of its own turn.
   */
  private static List<CommandId> play(ClientSession session, int prompts) {
    var ids = new ArrayList<CommandId>();
    var turns = new ArrayList<ClientTurn>();
    var results = new ArrayList<CompletableFuture<TurnResult>>();
    for (int i = 0; i < prompts; i++) {
      CommandId id = session.newCommandId();
      ids.add(id);
      ClientTurn turn = session.prompt(prompt(session, id));
      turns.add(turn);
      results.add(turn.result());
    }
    var acked = new ArrayList<CommandId>();
    for (int i = 0; i < prompts; i++) {
      if (isAccepted(turns.get(i).accepted())) {
        acked.add(ids.get(i));
        assertThat(join(results.get(i)).text()).isEqualTo("re " + turns.get(i).id());
      }
    }
    return acked;
  }

  private static boolean isAccepted(CompletableFuture<AckBody.PromptAccepted> accepted) {
    try {
      join(accepted);
      return true;
    } catch (CommandRefusedException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.QUEUE_FULL);
      return false;
    } catch (CompletionException e) {
      throw new AssertionError(e);
    }
  }

  private static Command.Prompt prompt(ClientSession session, CommandId id) {
    return new Command.Prompt(
        id,
        session.id(),
        OptionalLong.empty(),
        List.of(new Part.Text("hello")),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
