package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.runtime.tool.ArgumentValidator;
import dev.kantele.runtime.tool.ArgumentValidator.Compilation;
import dev.kantele.runtime.tool.ArgumentValidator.Result;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers that must fit a prompt's {@code output_schema}. */
final class StructuredOutput {
  private static final String SCHEMA = "output_schema";

  /* Models put JSON between such lines even where they are told not to. */
  private static final Pattern FENCED =
      Pattern.compile("\\s*```(?:json)?\\s*\\n(.*)\\n\\s*```\\s*", Pattern.DOTALL);

  /** What an answer is, seen by a schema. */
  sealed interface Reading {
    /** It fits. */
    record Fits(JsonNode output) implements Reading {}

    /**
     * It does not; {@code reasons} is one text that says where, what is there and what should be.
     */
    record Misfit(String reasons) implements Reading {}
  }

  /** Says what is wrong with a schema itself; empty if answers can be held to it. */
  static Optional<String> fault(JsonNode schema) {
    return ArgumentValidator.compile(SCHEMA, schema) instanceof Compilation.Refused(var reason)
        ? Optional.of(reason)
        : Optional.empty();
  }

  /** Reads the text of an answer. */
  static Reading read(JsonNode schema, String text) {
    Matcher fenced = FENCED.matcher(text);
    Optional<JsonNode> output = ToolArguments.json(fenced.matches() ? fenced.group(1) : text);
    if (output.isEmpty()) {
      return new Reading.Misfit("output: not JSON (expected: one JSON value, and nothing else)");
    }
    return switch (ArgumentValidator.compile(SCHEMA, schema)) {
      case Compilation.Compiled(var validator) ->
          switch (validator.validate("output", output.get())) {
            case Result.Valid _ -> new Reading.Fits(output.get());
            case Result.Invalid invalid -> new Reading.Misfit(invalid.message());
          };
      case Compilation.Refused(var reason) -> new Reading.Misfit(reason);
    };
  }

  /** What a model is told whose answer does not fit. */
  static String correction(Reading.Misfit misfit) {
    return "The answer does not fit the schema that was asked for: "
        + misfit.reasons()
        + ". Answer again, with nothing but JSON that fits it.";
  }

  private StructuredOutput() {}
}
