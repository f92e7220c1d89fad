package dev.kantele.runtime.settings;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.kantele.protocol.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads one block of a HOCON configuration. What is missing or out of bounds throws {@link
 * SettingsException} with the full key path, the file and line where known, the value and what is
 * expected: {@code kantele.agents.assistant.limits.attempts: 0 (expected: 1..100; node.conf:12)}.
 */
public final class SettingsReader {
  private static final int SHOWN_CHARACTERS = 80;

  private final Config config;
  private final List<String> path;

  /**
   * {@code path} is rendered: a segment with special characters is quoted, and one of a list has
   * its index.
   */
  private SettingsReader(Config config, List<String> path) {
    this.config = config;
    this.path = List.copyOf(path);
  }

  /** A reader of {@code config}, which is the block at {@code path} of the whole configuration. */
  public static SettingsReader of(Config config, String... path) {
    return new SettingsReader(config, Arrays.stream(path).map(ConfigUtil::joinPath).toList());
  }

  /** A reader of the block under {@code key}, empty if there is none. */
  public SettingsReader block(String key) {
    ConfigValue value = find(key);
    if (value == null) {
      return new SettingsReader(ConfigFactory.empty(), pathOf(key));
    }
    if (value.valueType() != ConfigValueType.OBJECT) {
      throw invalid(key, "a block { … }");
    }
    return new SettingsReader(config.getConfig(quoted(key)), pathOf(key));
  }

  /** Whether there is a block under {@code key}. */
  public boolean isBlock(String key) {
    ConfigValue value = find(key);
    return value != null && value.valueType() == ConfigValueType.OBJECT;
  }

  /** Readers of the blocks of the list under {@code key}; none if there is no list. */
  public List<SettingsReader> blocks(String key) {
    ConfigValue value = find(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof ConfigList list)) {
      throw invalid(key, "a list of blocks [{ … }]");
    }
    var blocks = new ArrayList<SettingsReader>();
    for (int i = 0; i < list.size(); i++) {
      if (!(list.get(i) instanceof ConfigObject block)) {
        throw invalidElement(key, i, "a block { … }");
      }
      var element = new ArrayList<>(path);
      element.add(quoted(key) + "[" + i + "]");
      blocks.add(new SettingsReader(block.toConfig(), element));
    }
    return blocks;
  }

  /** A reader of the same block in which what is not set here is taken from {@code defaults}. */
  public SettingsReader withDefaults(SettingsReader defaults) {
    return new SettingsReader(config.withFallback(defaults.config), path);
  }

  /** The keys of this block, sorted; a key that is set to null is not there. */
  public SortedSet<String> keys() {
    var keys = new TreeSet<String>();
    config
        .root()
        .forEach(
            (key, value) -> {
              if (value.valueType() != ConfigValueType.NULL) {
                keys.add(key);
              }
            });
    return keys;
  }

  /** Refuses every key of this block that is not one of {@code known}, such as a misspelt one. */
  public void requireKnown(String... known) {
    for (String key : keys()) {
      if (!Arrays.asList(known).contains(key)) {
        throw new SettingsException(
            sentence(fullKey(key), "unknown key", "one of " + String.join(", ", known), find(key)));
      }
    }
  }

  /** A text that must be there and not be blank. */
  public String string(String key) {
    String text = read(key, "a text", () -> config.getString(quoted(key)));
    if (text.isBlank()) {
      throw invalid(key, "a text that is not blank");
    }
    return text;
  }

  /** A text that may be left out. */
  public Optional<String> optionalString(String key) {
    return find(key) == null ? Optional.empty() : Optional.of(string(key));
  }

  /** A credential: printable ASCII without a space; not there if it is left out or blank. */
  public Optional<Secret> secret(String key) {
    ConfigValue value = find(key);
    if (value == null) {
      return Optional.empty();
    }
    String text = value.unwrapped() instanceof String string ? string.strip() : " ";
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.matches("[!-~]+")) {
      throw invalidSecret(key, "a text of printable ASCII characters without spaces");
    }
    return Optional.of(new Secret(text));
  }

  /** A list of texts; empty if left out. */
  public List<String> strings(String key) {
    return find(key) == null
        ? List.of()
        : read(key, "a list of texts", () -> List.copyOf(config.getStringList(quoted(key))));
  }

  /** A whole number within {@code min..max}. */
  public long number(String key, long min, long max) {
    String expected = min + ".." + max;
    long value = read(key, expected, () -> config.getLong(quoted(key)));
    // The library cuts a fraction off.
    boolean whole = config.getDouble(quoted(key)) == value;
    if (!whole || value < min || value > max) {
      throw invalid(key, expected);
    }
    return value;
  }

  /** A duration of at least {@code min}. */
  public Duration duration(String key, Duration min) {
    String expected = "a duration of at least " + min.toMillis() + " ms, such as 500ms or 2s";
    Duration value = read(key, expected, () -> config.getDuration(quoted(key)));
    if (value.compareTo(min) < 0) {
      throw invalid(key, expected);
    }
    return value;
  }

  /** A path of the file system, that of the process's working folder if it is relative. */
  public Optional<Path> optionalPath(String key) {
    return find(key) == null
        ? Optional.empty()
        : Optional.of(read(key, "a path", () -> Path.of(string(key))));
  }

  /** The error that says that the value of {@code key} is not what is expected. */
  public SettingsException invalid(String key, String expected) {
    ConfigValue value = find(key);
    return new SettingsException(
        sentence(fullKey(key), value == null ? "missing" : shown(value), expected, value));
  }

  /**
   * The error that says that the value of {@code key}, which is secret or may hold a secret and is
   * not shown, is not what is expected.
   */
  public SettingsException invalidSecret(String key, String expected) {
    return new SettingsException(sentence(fullKey(key), "not shown here", expected, find(key)));
  }

  /** The error that says that one element of the list at {@code key} is not what is expected. */
  public SettingsException invalidElement(String key, int index, String expected) {
    ConfigValue value = requireNonNull(find(key), key);
    ConfigValue element = value instanceof ConfigList list ? list.get(index) : value;
    return new SettingsException(
        sentence(fullKey(key) + "[" + index + "]", shown(element), expected, element));
  }

  private <T> T read(String key, String expected, Supplier<T> value) {
    if (find(key) == null) {
      throw invalid(key, expected);
    }
    try {
      return value.get();
    } catch (ConfigException.WrongType | ConfigException.BadValue | IllegalArgumentException e) {
      throw invalid(key, expected);
    }
  }

  private @Nullable ConfigValue find(String key) {
    ConfigValue value = config.root().get(key);
    return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
  }

  private static String sentence(
      String subject, String value, String expected, @Nullable ConfigValue where) {
    String place = where == null ? "" : origin(where.origin()).map(at -> "; " + at).orElse("");
    return subject + ": " + value + " (expected: " + expected + place + ")";
  }

  private String fullKey(String key) {
    return String.join(".", pathOf(key));
  }

  private List<String> pathOf(String key) {
    var full = new ArrayList<>(path);
    full.add(quoted(key));
    return full;
  }

  private static String quoted(String key) {
    return ConfigUtil.joinPath(key);
  }

  private static String shown(ConfigValue value) {
    String text =
        value.unwrapped() instanceof String string
            ? "'" + string + "'"
            : value.render(ConfigRenderOptions.concise());
    return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
  }

  /** Where a value was written, as {@code file:line}; empty if it came from no file. */
  private static Optional<String> origin(ConfigOrigin origin) {
    String file = origin.filename();
    String place = file != null ? file : origin.resource();
    if (place == null) {
      return Optional.empty();
    }
    return Optional.of(origin.lineNumber() > 0 ? place + ":" + origin.lineNumber() : place);
  }
}
