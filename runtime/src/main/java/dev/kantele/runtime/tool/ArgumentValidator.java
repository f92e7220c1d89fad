package dev.kantele.runtime.tool;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import java.util.List;

/**
 * Checks a tool call's arguments against the tool's schema: JSON Schema draft 2020-12, or the draft
 * that the schema names in {@code $schema}. Compiled once per tool; thread-safe. Nothing is fetched
 * from anywhere, and no check takes more than a bounded number of steps.
 */
public final class ArgumentValidator {
  /** What became of compiling a schema. */
  public sealed interface Compilation {
    /** It is a schema. */
    record Compiled(ArgumentValidator validator) implements Compilation {
      public Compiled {
        requireNonNull(validator, "validator");
      }
    }

    /** It is none; {@code reason} is one plain sentence. */
    record Refused(String reason) implements Compilation {
      public Refused {
        requireNonNull(reason, "reason");
      }
    }
  }

  /** What became of checking arguments. */
  public sealed interface Result {
    /** They fit. */
    record Valid() implements Result {}

    /**
     * They don't: one to nine sentences, of at most 300 characters each, with the path, the value
     * and what is expected.
     */
    record Invalid(List<String> reasons) implements Result {
      public Invalid {
        reasons = List.copyOf(reasons);
      }

      /** Returns the reasons as one text, as it is shown to the model. */
      public String message() {
        return String.join("; ", reasons);
      }
    }
  }

  private static final Result VALID = new Result.Valid();

  private final Schema schema;

  private ArgumentValidator(Schema schema) {
    this.schema = schema;
  }

  /** Compiles {@code schema}. A schema that is not one is an expected failure. */
  public static Compilation compile(JsonNode schema) {
    return compile("schema", schema);
  }

  /** Compiles {@code schema}, which the sentences call {@code name}. */
  public static Compilation compile(String name, JsonNode schema) {
    try {
      if (schema.has("$schema")
          && !SchemaDialects.isPublishedDraft(schema.path("$schema").asText())) {
        return new Compilation.Refused(
            name
                + ".$schema: "
                + schema.get("$schema")
                + " (expected: https://json-schema.org/draft/2020-12/schema or an older draft)");
      }
      List<Error> errors = CheckSteps.validate(SchemaDialects.draftOf(schema), schema);
      if (!errors.isEmpty()) {
        return new Compilation.Refused(String.join("; ", SchemaSentences.of(name, errors)));
      }
      var validator = new ArgumentValidator(SchemaDialects.compile(schema));
      // A schema that refers to itself without end shows so on the first value.
      CheckSteps.validate(validator.schema, JsonNodeFactory.instance.objectNode());
      return new Compilation.Compiled(validator);
    } catch (SchemaException e) {
      return new Compilation.Refused(name + ": " + plain(e));
    } catch (CheckSteps.TooManyStepsException _) {
      return new Compilation.Refused(tooManySteps(name));
    } catch (StackOverflowError _) {
      return new Compilation.Refused(name + ": it is nested too deeply or refers to itself");
    }
  }

  /** Checks {@code arguments}. */
  public Result validate(JsonNode arguments) {
    return validate("arguments", arguments);
  }

  /** Checks {@code value}, which the sentences call {@code name}. */
  public Result validate(String name, JsonNode value) {
    try {
      List<Error> errors = CheckSteps.validate(schema, value);
      return errors.isEmpty() ? VALID : new Result.Invalid(SchemaSentences.of(name, errors));
    } catch (SchemaException e) {
      // What a schema refers to is resolved when it is compiled, save for dynamic references.
      return new Result.Invalid(List.of("schema: " + plain(e)));
    } catch (CheckSteps.TooManyStepsException _) {
      return new Result.Invalid(List.of(tooManySteps(name)));
    } catch (StackOverflowError _) {
      return new Result.Invalid(List.of(name + ": nested too deeply to be checked"));
    }
  }

  private static String tooManySteps(String subject) {
    return "%s: the check takes too long (expected: at most %,d steps)"
        .formatted(subject, CheckSteps.MAX);
  }

  private static String plain(SchemaException e) {
    String message = e.getMessage();
    return message == null ? "it can't be compiled" : message.lines().findFirst().orElse(message);
  }
}
