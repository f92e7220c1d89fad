package dev.kantele.runtime.model.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.runtime.settings.SettingsException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The fields of one mapping of a script file, read with errors that name file and line. */
record ScriptFields(String file, Yaml.Mapping mapping) {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9}) ?(ms|s|m)");

  static ScriptFields of(String file, Yaml node, String expected) {
    return switch (node) {
      case Yaml.Mapping mapping -> new ScriptFields(file, mapping);
      case Yaml.Scalar _, Yaml.Sequence _ -> throw unexpected(file, node, expected);
    };
  }

  static SettingsException unexpected(String file, Yaml node, String expected) {
    String shown = node.toJson().toString();
    String cut = shown.length() <= 60 ? shown : shown.substring(0, 60) + "…";
    return Yaml.problem(file, node.line(), cut + " (expected: " + expected + ")");
  }

  boolean has(String name) {
    return mapping.fields().containsKey(name);
  }

  void requireKnown(List<String> known) {
    mapping
        .fields()
        .forEach(
            (name, field) -> {
              if (!known.contains(name)) {
                throw Yaml.problem(
                    file,
                    field.line(),
                    "'%s' is not known here (expected: one of %s)"
                        .formatted(name, String.join(", ", known)));
              }
            });
  }

  Yaml field(String name, String expected) {
    Yaml field = mapping.fields().get(name);
    if (field == null) {
      throw Yaml.problem(
          file, mapping.line(), "'" + name + "' is missing (expected: " + expected + ")");
    }
    return field;
  }

  ScriptFields block(String name, String expected) {
    return of(file, field(name, expected), expected);
  }

  String text(String name) {
    return scalar(name, "a text").text();
  }

  Optional<String> optionalText(String name) {
    return has(name) ? Optional.of(text(name)) : Optional.empty();
  }

  Optional<Pattern> optionalRegex(String name) {
    try {
      return optionalText(name).map(Pattern::compile);
    } catch (PatternSyntaxException _) {
      throw unexpected(name, "a regular expression");
    }
  }

  int number(String name, int min, int max) {
    String expected = "a whole number within " + min + ".." + max;
    JsonNode value = scalar(name, expected).value();
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < min
        || value.intValue() > max) {
      throw unexpected(name, expected);
    }
    return value.intValue();
  }

  OptionalInt optionalNumber(String name, int min, int max) {
    return has(name) ? OptionalInt.of(number(name, min, max)) : OptionalInt.empty();
  }

  boolean flag(String name, boolean otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    JsonNode value = scalar(name, "true or false").value();
    if (!value.isBoolean()) {
      throw unexpected(name, "true or false");
    }
    return value.booleanValue();
  }

  Duration duration(String name) {
    String expected = "a duration such as 250ms, 2s or 1m";
    Matcher matcher = DURATION.matcher(scalar(name, expected).text());
    if (!matcher.matches()) {
      throw unexpected(name, expected);
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      default -> Duration.ofMinutes(amount);
    };
  }

  JsonNode object(String name) {
    if (!has(name)) {
      return JsonNodeFactory.instance.objectNode();
    }
    JsonNode value = field(name, "a mapping").toJson();
    if (!value.isObject()) {
      throw unexpected(name, "a mapping");
    }
    return value;
  }

  SettingsException unexpected(String name, String expected) {
    Yaml field = field(name, expected);
    String shown = field.toJson().toString();
    String cut = shown.length() <= 60 ? shown : shown.substring(0, 60) + "…";
    return Yaml.problem(file, field.line(), name + ": " + cut + " (expected: " + expected + ")");
  }

  private Yaml.Scalar scalar(String name, String expected) {
    return switch (field(name, expected)) {
      case Yaml.Scalar scalar when !scalar.value().isNull() -> scalar;
      case Yaml.Scalar _, Yaml.Sequence _, Yaml.Mapping _ -> throw unexpected(name, expected);
    };
  }
}
