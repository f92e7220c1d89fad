package dev.kantele.runtime.model.scripted;

import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Reads the YAML form of a script (docs/scripted-models.md):
 *
 * <pre>
 * script  = list of reply
 * reply   = step | list of step | { when: conditions, reply: step | list of step }
 * step    = drop | never | mapping with one of the keys below and its options
 * </pre>
 */
final class ScriptParser {
  private static final int MAX = Integer.MAX_VALUE;
  private static final String STEPS =
      "one step of say, reason, call, malformed, pause, flood, usage, finish, fail, drop, never";

  private final String file;

  private ScriptParser(String file) {
    this.file = file;
  }

  static Script parse(String file, String yaml) {
    return new ScriptParser(file).script(Yaml.read(file, yaml));
  }

  private Script script(Yaml root) {
    return switch (root) {
      case Yaml.Sequence(_, var replies) when !replies.isEmpty() ->
          new Script(replies.stream().map(this::reply).toList());
      case Yaml.Sequence _, Yaml.Scalar _, Yaml.Mapping _ ->
          throw ScriptFields.unexpected(file, root, "a list of replies");
    };
  }

  private ScriptReply reply(Yaml node) {
    if (node instanceof Yaml.Mapping mapping
        && (mapping.fields().containsKey("when") || mapping.fields().containsKey("reply"))) {
      var fields = new ScriptFields(file, mapping);
      fields.requireKnown(List.of("when", "reply"));
      return reply(when(fields), fields.field("reply", "a step or a list of steps"));
    }
    return reply(When.ALWAYS, node);
  }

  private ScriptReply reply(When when, Yaml node) {
    List<Yaml> nodes = node instanceof Yaml.Sequence(_, var elements) ? elements : List.of(node);
    var steps = new ArrayList<ScriptStep>();
    nodes.forEach(step -> steps.add(step(step)));
    ScriptReply.problem(steps)
        .ifPresent(
            problem -> {
              throw Yaml.problem(file, nodes.get(problem.step()).line(), problem.sentence());
            });
    return new ScriptReply(when, steps);
  }

  private When when(ScriptFields reply) {
    if (!reply.has("when")) {
      return When.ALWAYS;
    }
    ScriptFields when = reply.block("when", "conditions: call, attempt, text, after_tool");
    when.requireKnown(List.of("call", "attempt", "text", "after_tool"));
    return new When(
        when.optionalNumber("call", 1, MAX),
        when.optionalNumber("attempt", 1, MAX),
        when.optionalRegex("text"),
        when.optionalText("after_tool"));
  }

  private ScriptStep step(Yaml node) {
    if (node instanceof Yaml.Scalar(_, _, var word)) {
      return switch (word) {
        case "drop" -> ScriptStep.drop();
        case "never" -> ScriptStep.never();
        default -> throw ScriptFields.unexpected(file, node, STEPS);
      };
    }
    var step = ScriptFields.of(file, node, STEPS);
    String kind = step.mapping().fields().keySet().stream().findFirst().orElse("");
    return switch (kind) {
      case "say" -> say(step);
      case "reason" -> reason(step);
      case "call" -> call(step);
      case "malformed" -> malformed(step);
      case "pause" -> pause(step);
      case "flood" -> flood(step);
      case "usage" -> usage(step);
      case "finish" -> finish(step);
      case "fail" -> fail(step);
      default -> throw ScriptFields.unexpected(file, node, STEPS + ", its name first");
    };
  }

  private static ScriptStep say(ScriptFields step) {
    step.requireKnown(List.of("say", "chunk", "every"));
    return new ScriptStep.Say(step.text("say"), pacing(step));
  }

  private static ScriptStep reason(ScriptFields step) {
    step.requireKnown(List.of("reason", "signature", "chunk", "every"));
    return new ScriptStep.Reason(step.text("reason"), step.optionalText("signature"), pacing(step));
  }

  private static ScriptStep call(ScriptFields step) {
    step.requireKnown(List.of("call", "chunk", "every"));
    ScriptFields call = step.block("call", "{tool: NAME, arguments: {…}}");
    call.requireKnown(List.of("tool", "arguments"));
    return new ScriptStep.Call(call.text("tool"), call.object("arguments"), pacing(step));
  }

  private static ScriptStep malformed(ScriptFields step) {
    step.requireKnown(List.of("malformed", "chunk", "every"));
    ScriptFields call = step.block("malformed", "{tool: NAME, arguments: TEXT}");
    call.requireKnown(List.of("tool", "arguments"));
    return new ScriptStep.Malformed(
        call.text("tool"),
        call.optionalText("arguments").orElse("{\"unfinished\": "),
        pacing(step));
  }

  private static ScriptStep pause(ScriptFields step) {
    step.requireKnown(List.of("pause"));
    return ScriptStep.pause(step.duration("pause"));
  }

  private static ScriptStep flood(ScriptFields step) {
    step.requireKnown(List.of("flood"));
    ScriptFields flood = step.block("flood", "{deltas: N, bytes: N}");
    flood.requireKnown(List.of("deltas", "bytes"));
    return ScriptStep.flood(
        flood.number("deltas", 1, ScriptStep.Flood.MAX_DELTAS),
        flood.number("bytes", 1, ScriptStep.Flood.MAX_BYTES));
  }

  private static ScriptStep usage(ScriptFields step) {
    step.requireKnown(List.of("usage"));
    ScriptFields usage = step.block("usage", "{input: N, output: N}");
    usage.requireKnown(List.of("input", "output", "cached"));
    return new ScriptStep.Report(
        new Usage(
            usage.optionalNumber("input", 0, MAX).orElse(0),
            usage.optionalNumber("output", 0, MAX).orElse(0),
            usage.optionalNumber("cached", 0, MAX).orElse(0)));
  }

  private static ScriptStep finish(ScriptFields step) {
    step.requireKnown(List.of("finish"));
    String name = step.text("finish");
    return Arrays.stream(FinishReason.values())
        .filter(reason -> word(reason).equals(name))
        .findFirst()
        .map(ScriptStep::finish)
        .orElseThrow(
            () ->
                step.unexpected(
                    "finish",
                    Arrays.stream(FinishReason.values())
                        .map(ScriptParser::word)
                        .collect(Collectors.joining(", ", "one of ", ""))));
  }

  private static String word(FinishReason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  private static ScriptStep fail(ScriptFields step) {
    step.requireKnown(List.of("fail"));
    ScriptFields failure = step.block("fail", "{code: CODE, message: TEXT, retryable: true|false}");
    failure.requireKnown(List.of("code", "message", "retryable"));
    return new ScriptStep.Fail(
        new Failure(
            failure.text("code"),
            failure.optionalText("message").orElse("The script says so"),
            failure.flag("retryable", /* otherwise= */ false)));
  }

  private static Pacing pacing(ScriptFields step) {
    Pieces pieces =
        !step.has("chunk")
            ? Pacing.DEFAULT.pieces()
            : step.text("chunk").equals("words")
                ? new Pieces.Words()
                : new Pieces.Characters(step.number("chunk", 1, MAX));
    return new Pacing(pieces, step.has("every") ? step.duration("every") : Duration.ZERO);
  }
}
