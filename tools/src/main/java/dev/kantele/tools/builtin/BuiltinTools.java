package dev.kantele.tools.builtin;

import com.typesafe.config.Config;
import dev.kantele.runtime.tool.Tool;
import dev.kantele.runtime.tool.ToolFactory;
import java.time.Clock;
import java.util.List;

/** The tools {@code calculator} and {@code clock}. */
public final class BuiltinTools implements ToolFactory {
  /** For {@link java.util.ServiceLoader}. */
  public BuiltinTools() {}

  @Override
  public List<Tool> create(Config kanteleConfig, Clock clock) {
    return List.of(new CalculatorTool(), new ClockTool(clock));
  }
}
