package dev.kantele.cluster.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import dev.kantele.runtime.settings.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Lays the sources of a node's configuration over each other: options, then environment variables,
 * then the file, then what {@code node.conf} sets for every process of its own. Below all of them
 * are the defaults in {@code reference.conf}.
 */
public final class NodeConfig {
  /**
   * Reads all of them.
   *
   * @param options what was given on the command line
   * @param file the file that was named there
   * @param environment the variables of the process; an empty one counts as not set
   * @return the configuration without the defaults, not yet resolved
   * @throws SettingsException if the file is missing or is no HOCON
   */
  public static Config load(
      Map<NodeOption, String> options, Optional<Path> file, Map<String, String> environment) {
    Config own =
        ConfigFactory.parseResources(
            NodeConfig.class, "node.conf", ConfigParseOptions.defaults().setAllowMissing(false));
    Config named =
        file.or(() -> variable(environment, NodeOption.CONFIG_VARIABLE).map(Path::of))
            .map(NodeConfig::parse)
            .orElseGet(ConfigFactory::empty);
    return layer(options, "the command line")
        .withFallback(layer(variables(environment), "the environment"))
        .withFallback(named)
        .withFallback(own);
  }

  private static Config layer(Map<NodeOption, String> values, String origin) {
    Config layer = ConfigFactory.empty(origin);
    for (Map.Entry<NodeOption, String> value : values.entrySet()) {
      layer =
          ConfigFactory.parseMap(Map.of(value.getKey().key(), value.getValue()), origin)
              .withFallback(layer);
    }
    return layer;
  }

  private static Map<NodeOption, String> variables(Map<String, String> environment) {
    var values = new EnumMap<NodeOption, String>(NodeOption.class);
    for (NodeOption option : NodeOption.values()) {
      variable(environment, option.variable()).ifPresent(value -> values.put(option, value));
    }
    return values;
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static Config parse(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new SettingsException(
          "configuration file %s does not exist; name another by --config or %s"
              .formatted(file, NodeOption.CONFIG_VARIABLE));
    }
    if (!Files.isReadable(file)) {
      throw new SettingsException(
          "configuration file %s can't be read; let this user read it".formatted(file));
    }
    try {
      return ConfigFactory.parseFile(
          file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
    } catch (ConfigException e) {
      throw new SettingsException(sentence(file, e), e);
    }
  }

  /** The place as {@code file:line}, then what is wrong there; the library's hints are left out. */
  private static String sentence(Path file, ConfigException e) {
    ConfigOrigin origin = e.origin();
    String message = String.valueOf(e.getMessage());
    int line = origin == null ? -1 : origin.lineNumber();
    if (origin != null && message.startsWith(origin.description() + ": ")) {
      message = message.substring(origin.description().length() + 2);
    }
    String what = message.lines().findFirst().orElse("no HOCON").replaceAll("\\s*\\(.*", "");
    return line > 0
        ? "%s:%d: %s".formatted(file, line, decapitalized(what))
        : "%s: %s".formatted(file, decapitalized(what));
  }

  private static String decapitalized(String text) {
    return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }

  private NodeConfig() {}
}
