package dev.kantele.runtime;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.hook.Hook;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.surroundings.Surroundings;
import dev.kantele.runtime.tool.Tool;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a host adds to the models and tools that are found on the class path.
 *
 * @param hooks are asked in this order
 * @param surroundings where time, chance and threads come from
 */
public record KanteleParts(
    List<ModelProvider> models, List<Tool> tools, List<Hook> hooks, Surroundings surroundings) {
  public KanteleParts {
    models = List.copyOf(models);
    tools = List.copyOf(tools);
    hooks = List.copyOf(hooks);
    requireNonNull(surroundings, "surroundings");
  }

  /** Nothing, and the system's clock. */
  public static KanteleParts none() {
    return new KanteleParts(List.of(), List.of(), List.of(), Surroundings.OF_THE_SYSTEM);
  }

  /** Returns the parts with one more family of models. */
  public KanteleParts with(ModelProvider model) {
    return new KanteleParts(appended(models, model), tools, hooks, surroundings);
  }

  /** Returns the parts with one more tool. */
  public KanteleParts with(Tool tool) {
    return new KanteleParts(models, appended(tools, tool), hooks, surroundings);
  }

  /** Returns the parts with more hooks, which are asked after those that are there. */
  public KanteleParts with(Hook... more) {
    return new KanteleParts(
        models, tools, Stream.concat(hooks.stream(), Stream.of(more)).toList(), surroundings);
  }

  /** Returns the parts in other surroundings. */
  public KanteleParts in(Surroundings others) {
    return new KanteleParts(models, tools, hooks, others);
  }

  /** The clock that gives events their time. */
  public Clock clock() {
    return surroundings.clock();
  }

  private static <T> List<T> appended(List<T> list, T last) {
    var longer = new ArrayList<>(list);
    longer.add(last);
    return longer;
  }
}
