package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.session.Input.StreamOutcome;
import dev.kantele.runtime.tool.AskUserTool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model says in one stream, batch by batch, and how it ends.
 *
 * @param silentFrom from which batch on nothing comes any more, for ever; none if there are fewer
 */
record StreamScript(List<List<ModelEvent>> batches, StreamOutcome end, int silentFrom) {
  private static final String WORDS = "the quick brown fox jumps over the lazy dog. ".repeat(8);

  static StreamScript of(Dice dice, Circumstances circumstances, ModelRequest request) {
    return new Writer(dice, circumstances, request).script();
  }

  private static final class Writer {
    private final Dice dice;
    private final Circumstances circumstances;
    private final ModelRequest request;
    private final List<ModelEvent> events = new ArrayList<>();
    private final Map<Integer, String> signatures = new HashMap<>();
    private int parts;
    private int calls;

    Writer(Dice dice, Circumstances circumstances, ModelRequest request) {
      this.dice = dice;
      this.circumstances = circumstances;
      this.request = request;
    }

    StreamScript script() {
      if (circumstances.longStreams() && dice.percent(40)) {
        talkForLong();
      } else {
        talk();
      }
      List<List<ModelEvent>> batches = batches();
      int silentFrom = dice.percent(4) ? dice.below(batches.size() + 1) : Integer.MAX_VALUE;
      return new StreamScript(batches, end(), silentFrom);
    }

    private void talk() {
      if (dice.percent(30)) {
        reason();
      }
      if (request.outputSchema().isPresent() && dice.percent(75)) {
        int part = parts++;
        events.add(new ModelEvent.TextDelta(part, "{\"answer\":"));
        events.add(new ModelEvent.TextDelta(part, dice.oneOf(" 42}", " 42}", " \"x\"}", " 4")));
        return;
      }
      int texts = dice.below(3);
      for (int i = 0; i < texts; i++) {
        text();
      }
      int least = circumstances.theme() == Theme.MANY_PEOPLE ? 2 : 1;
      int tools = dice.percent(circumstances.theme().toolsPercent()) ? dice.between(least, 3) : 0;
      for (int i = 0; i < tools; i++) {
        call();
      }
    }

    private void reason() {
      int part = parts++;
      int pieces = dice.below(4);
      for (int i = 0; i < pieces; i++) {
        events.add(new ModelEvent.ReasoningDelta(part, piece()));
      }
      if (pieces == 0 || dice.percent(50)) {
        String signature = "signature-" + dice.below(1_000);
        signatures.put(part, signature);
        events.add(new ModelEvent.ReasoningSigned(part, signature));
      }
    }

    private void text() {
      int part = parts++;
      int pieces = dice.between(1, 8);
      for (int i = 0; i < pieces; i++) {
        events.add(new ModelEvent.TextDelta(part, piece()));
      }
    }

    private String piece() {
      int length = dice.between(0, circumstances.pieces());
      int from = dice.below(WORDS.length() - length);
      return WORDS.substring(from, from + length);
    }

    private void call() {
      calls++;
      int part = parts++;
      String name = dice.percent(6) ? "nothing" : dice.pick(tools());
      events.add(new ModelEvent.ToolCallStarted(part, name));
      String arguments = name.equals(AskUserTool.NAME) ? question() : arguments();
      int cut = dice.below(arguments.length() + 1);
      events.add(new ModelEvent.ToolCallDelta(part, arguments.substring(0, cut)));
      if (cut < arguments.length()) {
        events.add(new ModelEvent.ToolCallDelta(part, arguments.substring(cut)));
      }
    }

    private List<String> tools() {
      return circumstances.theme() == Theme.MANY_PEOPLE && dice.percent(85)
          ? SimulatedCatalog.toolsOfOthers()
          : SimulatedCatalog.toolNames();
    }

    private String question() {
      return dice.oneOf(
          "{\"question\": \"Which?\"}",
          "{\"question\": \"Which?\", \"options\": [\"red\", \"blue\"]}",
          "{\"question\": \"How many?\", \"schema\": {\"type\": \"number\"}}",
          "{\"question\": \"What?\", \"schema\": {\"type\": \"nothing\"}}",
          "{}");
    }

    private String arguments() {
      return dice.percent(80)
          ? "{\"n\": " + dice.below(100) + "}"
          : dice.oneOf("", "{\"n\":", "[1]", "{\"n\": \"x\"}", "{} {}", "null");
    }

    /* Two parts by turns, so that no two neighbours become one event. */
    private void talkForLong() {
      int count = dice.between(3_000, 6_500);
      for (int i = 0; i < count; i++) {
        events.add(
            i % 2 == 0
                ? new ModelEvent.ReasoningDelta(0, "h")
                : new ModelEvent.TextDelta(1, "w" + i % 10));
      }
      parts = 2;
    }

    private List<List<ModelEvent>> batches() {
      var batches = new ArrayList<List<ModelEvent>>();
      int most = events.size() > 100 ? 256 : dice.oneOf(1, 2, 4, 8);
      for (int i = 0; i < events.size(); ) {
        int size = Math.min(events.size() - i, dice.between(1, most));
        batches.add(List.copyOf(events.subList(i, i + size)));
        i += size;
      }
      return batches;
    }

    /** Mostly little; now and then more than an agent, or a turn, waits for. */
    private Optional<Duration> retryAfter() {
      return dice.percent(60)
          ? Optional.empty()
          : Optional.of(Duration.ofMillis(dice.below(dice.oneOf(300, 1_500, 5_000, 12_000))));
    }

    /** What an answer cost that was whole and refused. */
    private Optional<Usage> usage() {
      return dice.percent(75)
          ? Optional.empty()
          : Optional.of(new Usage(dice.below(200), dice.below(100), 0));
    }

    private StreamOutcome end() {
      if (dice.percent(circumstances.theme().failuresPercent())) {
        boolean retryable = dice.percent(75);
        return new StreamOutcome.Broke(
            new Failure("overloaded", "The model broke", retryable), retryAfter(), usage());
      }
      FinishReason reason =
          dice.percent(8)
              ? dice.oneOf(
                  FinishReason.MAX_TOKENS, FinishReason.REFUSAL, FinishReason.CONTENT_FILTER)
              : calls > 0 ? FinishReason.TOOL_CALLS : FinishReason.END;
      return new StreamOutcome.Finished(
          reason, new Usage(dice.below(200), dice.below(100), 0), signatures);
    }
  }
}
