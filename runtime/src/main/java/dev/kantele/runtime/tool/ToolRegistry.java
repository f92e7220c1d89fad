package dev.kantele.runtime.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import dev.kantele.runtime.settings.SettingsReader;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tools of a node, by name, with their compiled schemas. Immutable. */
public final class ToolRegistry {
  private record Entry(Tool tool, ToolSpec spec, ArgumentValidator validator) {}

  private final SortedMap<String, Entry> entries = new TreeMap<>();

  private ToolRegistry(Collection<? extends Tool> tools) {
    for (Tool tool : tools) {
      ToolSpec spec = tool.spec();
      var entry = new Entry(tool, spec, compile(spec));
      if (entries.putIfAbsent(spec.name(), entry) != null) {
        throw new IllegalArgumentException(
            "tool: '" + spec.name() + "' is there twice (expected: one of each name)");
      }
    }
  }

  /**
   * The given tools.
   *
   * @throws IllegalArgumentException if two have the same name or a schema does not compile
   */
  public static ToolRegistry of(Collection<? extends Tool> tools) {
    return new ToolRegistry(tools);
  }

  /** {@link AskUserTool}, and the tools of every {@link ToolFactory} on the class path. */
  public static ToolRegistry load(Config kanteleConfig, Clock clock) {
    Duration expiresAfter =
        SettingsReader.of(kanteleConfig, "kantele")
            .block("ask-user")
            .duration("expires-after", Duration.ofMillis(1));
    return of(
        Stream.concat(
                Stream.<Tool>of(new AskUserTool(expiresAfter)),
                ServiceLoader.load(ToolFactory.class).stream()
                    .flatMap(factory -> factory.get().create(kanteleConfig, clock).stream()))
            .toList());
  }

  /** Returns the registry with {@code more} tools, whose names must be new. */
  public ToolRegistry and(Collection<? extends Tool> more) {
    return of(Stream.concat(entries.values().stream().map(Entry::tool), more.stream()).toList());
  }

  /** The tool called {@code name}. */
  public Optional<Tool> find(String name) {
    return Optional.ofNullable(entries.get(name)).map(Entry::tool);
  }

  /** The names of all tools, sorted. */
  public SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(entries.keySet()));
  }

  /**
   * What a model is told of the tools called {@code names}, in that order.
   *
   * @throws IllegalArgumentException if there is no such tool
   */
  public List<ToolSpec> specs(Collection<String> names) {
    return names.stream().map(name -> entry(name).spec()).toList();
  }

  /**
   * Checks a call's arguments against the schema of the tool called {@code name}.
   *
   * @throws IllegalArgumentException if there is no such tool
   */
  public ArgumentValidator.Result validate(String name, JsonNode arguments) {
    return entry(name).validator().validate(arguments);
  }

  private Entry entry(String name) {
    @Nullable Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "tool: '" + name + "' (expected: one of " + String.join(", ", entries.keySet()) + ")");
    }
    return entry;
  }

  private static ArgumentValidator compile(ToolSpec spec) {
    return switch (ArgumentValidator.compile(spec.inputSchema())) {
      case ArgumentValidator.Compilation.Compiled(var validator) -> validator;
      case ArgumentValidator.Compilation.Refused(var reason) ->
          throw new IllegalArgumentException("tool '" + spec.name() + "': " + reason);
    };
  }
}
