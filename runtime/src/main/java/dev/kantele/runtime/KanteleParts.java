package dev.kantele.runtime;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.tool.Tool;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * What a host adds to the models and tools that are found on the class path.
 *
 * @param clock gives the time of events; the time of timers is Pekko's
 */
public record KanteleParts(List<ModelProvider> models, List<Tool> tools, Clock clock) {
  public KanteleParts {
    models = List.copyOf(models);
    tools = List.copyOf(tools);
    requireNonNull(clock, "clock");
  }

  /** Nothing, and the system's clock. */
  public static KanteleParts none() {
    return new KanteleParts(List.of(), List.of(), Clock.systemUTC());
  }

  /** Returns the parts with one more family of models. */
  public KanteleParts with(ModelProvider model) {
    return new KanteleParts(appended(models, model), tools, clock);
  }

  /** Returns the parts with one more tool. */
  public KanteleParts with(Tool tool) {
    return new KanteleParts(models, appended(tools, tool), clock);
  }

  private static <T> List<T> appended(List<T> list, T last) {
    var longer = new ArrayList<>(list);
    longer.add(last);
    return longer;
  }
}
