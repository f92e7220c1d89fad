package dev.kantele.docs.bench;

import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * A model in process that says a number of words at once and asks for the calculator, then as many
 * words about the result: the turn that the peers in the comparison run, too.
 */
final class WordsProvider implements ModelProvider {
  /** The reference of its only model. */
  static final String MODEL = "words/turn";

  static final String WORD = "delta! ";
  static final String ARGUMENTS = "{\"expression\":\"12*7\"}";

  private static final Usage USAGE = new Usage(10, 50, 0);

  private final List<ModelEvent> first;
  private final List<ModelEvent> second;

  /** A model that says {@code deltas} words in each call. */
  WordsProvider(int deltas) {
    this.first = words(deltas);
    first.add(new ModelEvent.ToolCallStarted(1, "product"));
    first.add(new ModelEvent.ToolCallDelta(1, ARGUMENTS));
    first.add(new ModelEvent.Finished(FinishReason.TOOL_CALLS, USAGE));
    this.second = words(deltas);
    second.add(new ModelEvent.Finished(FinishReason.END, USAGE));
  }

  private static List<ModelEvent> words(int deltas) {
    var events = new ArrayList<ModelEvent>();
    for (int i = 0; i < deltas; i++) {
      events.add(new ModelEvent.TextDelta(0, WORD));
    }
    return events;
  }

  @Override
  public String name() {
    return "words";
  }

  @Override
  public List<String> models() {
    return List.of("turn");
  }

  @Override
  public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
    boolean afterTool = request.transcript().getLast().role() == Role.TOOL;
    return Source.from(afterTool ? second : first);
  }
}
