package dev.kantele.docs.bench;

import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * A model in process, without anything behind it.
 *
 * <ul>
 *   <li>{@code words/turn} says {@link #TURN_WORDS} words at once and asks for the tool {@code
 *       product}, then as many words about the result: the turn that other runtimes were measured
 *       with.
 *   <li>{@code words/flood} says as many words as the prompt's number says, as fast as they are
 *       taken.
 *   <li>{@code words/paced} says {@link #PACED_WORDS} words a second, for as many seconds as the
 *       prompt's number says; each word is {@link System#nanoTime()} when it was said.
 *   <li>{@code words/bulk} says as many MiB as the prompt's number says, {@link #BULK_MEBIBYTES} a
 *       second, in words of 1 KiB that begin with the time at which they were said.
 * </ul>
 */
final class WordsProvider implements ModelProvider {
  static final String WORD = "delta! ";
  static final int TURN_WORDS = 50;
  static final int PACED_WORDS = 50;
  static final int BULK_MEBIBYTES = 5;

  private static final String BULK_FILLING = "x".repeat(1_003);

  private static final Usage USAGE = new Usage(10, 50, 0);
  private static final ModelEvent END = new ModelEvent.Finished(FinishReason.END, USAGE);

  private static final List<ModelEvent> BEFORE_TOOL =
      turn(
          new ModelEvent.ToolCallStarted(1, "product"),
          new ModelEvent.ToolCallDelta(1, "{\"expression\":\"12*7\"}"),
          new ModelEvent.Finished(FinishReason.TOOL_CALLS, USAGE));
  private static final List<ModelEvent> AFTER_TOOL = turn(END);

  private static List<ModelEvent> turn(ModelEvent... end) {
    var events = new ArrayList<ModelEvent>();
    for (int i = 0; i < TURN_WORDS; i++) {
      events.add(new ModelEvent.TextDelta(0, WORD));
    }
    events.addAll(List.of(end));
    return List.copyOf(events);
  }

  @Override
  public String name() {
    return "words";
  }

  @Override
  public List<String> models() {
    return List.of("turn", "flood", "paced", "bulk");
  }

  @Override
  public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
    return switch (request.model()) {
      case "turn" ->
          Source.from(
              request.transcript().getLast().role() == Role.TOOL ? AFTER_TOOL : BEFORE_TOOL);
      case "flood" -> flood(number(request));
      case "paced" -> paced(number(request));
      case "bulk" -> bulk(number(request));
      default ->
          throw new IllegalArgumentException(
              "model: " + request.model() + " (expected: one of " + models() + ")");
    };
  }

  private static int number(ModelRequest request) {
    return Integer.parseInt(request.transcript().getLast().text());
  }

  private static Source<ModelEvent, NotUsed> flood(int words) {
    ModelEvent word = new ModelEvent.TextDelta(0, WORD);
    return Source.repeat(word).take(words).concat(Source.single(END));
  }

  private static Source<ModelEvent, NotUsed> paced(int seconds) {
    Duration pause = Duration.ofSeconds(1).dividedBy(PACED_WORDS);
    return Source.tick(pause, pause, NotUsed.getInstance())
        .take((long) seconds * PACED_WORDS)
        .<ModelEvent>map(_ -> new ModelEvent.TextDelta(0, System.nanoTime() + " "))
        .concat(Source.single(END))
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  private static Source<ModelEvent, NotUsed> bulk(int mebibytes) {
    return Source.range(1, mebibytes << 10)
        .throttle(BULK_MEBIBYTES << 10, Duration.ofSeconds(1))
        .<ModelEvent>map(
            _ -> new ModelEvent.TextDelta(0, "%020d %s".formatted(System.nanoTime(), BULK_FILLING)))
        .concat(Source.single(END));
  }
}
