package dev.kantele.runtime.model.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.scripted.DemoQuestion.Place;
import dev.kantele.runtime.tool.ToolSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The model {@code scripted/demo}: answers arithmetic and what time it is where, by calling the
 * tools {@code calculator} and {@code clock}, and says of everything else that it is a demo. The
 * same transcript gives the same reply.
 */
final class DemoModel implements ScriptedModel {
  static final String CALCULATOR = "calculator";
  static final String CLOCK = "clock";

  private static final String TRY = "Try: \"What is 12 * 7, and what time is it in Tokyo?\"";

  private final Pacing pacing;

  /** A demo that pauses for {@code every} between two words. */
  DemoModel(Duration every) {
    this.pacing = new Pacing(new Pieces.Words(), every);
  }

  @Override
  public ScriptReply reply(ModelRequest request) {
    var turn = TurnView.of(request.transcript());
    var question = DemoQuestion.of(turn.userText());
    if (!turn.exchanges().isEmpty()) {
      return reply(request, DemoAnswer.of(question, turn.exchanges()), List.of());
    }
    List<ScriptStep> calls = calls(question, request.tools());
    if (!calls.isEmpty()) {
      return reply(request, opening(calls), calls);
    }
    return reply(request, withoutTools(question), List.of());
  }

  private List<ScriptStep> calls(DemoQuestion question, List<ToolSpec> tools) {
    var calls = new ArrayList<ScriptStep>();
    if (has(tools, CALCULATOR)) {
      for (String expression : question.expressions()) {
        calls.add(call(CALCULATOR, "expression", Optional.of(expression)));
      }
    }
    if (has(tools, CLOCK)) {
      for (Place place : question.places()) {
        calls.add(call(CLOCK, "zone", place.zone()));
      }
    }
    return calls;
  }

  private static boolean has(List<ToolSpec> tools, String name) {
    return tools.stream().anyMatch(tool -> tool.name().equals(name));
  }

  private ScriptStep call(String tool, String argument, Optional<String> value) {
    ObjectNode arguments = JsonNodeFactory.instance.objectNode();
    value.ifPresent(text -> arguments.put(argument, text));
    return new ScriptStep.Call(
        tool, arguments, new Pacing(new Pieces.Characters(8), pacing.every()));
  }

  private static String opening(List<ScriptStep> calls) {
    boolean calculates = calls.stream().anyMatch(step -> isCallOf(CALCULATOR, step));
    boolean looks = calls.stream().anyMatch(step -> isCallOf(CLOCK, step));
    if (calculates && looks) {
      return "Let me work that out and look at the clock.";
    }
    return calculates ? "Let me work that out." : "Let me look at the clock.";
  }

  private static boolean isCallOf(String tool, ScriptStep step) {
    return step instanceof ScriptStep.Call call && call.tool().equals(tool);
  }

  private static String withoutTools(DemoQuestion question) {
    if (!question.expressions().isEmpty()) {
      return "I would need the tool \"calculator\" for that, and this agent has none.";
    }
    if (!question.places().isEmpty()) {
      return "I would need the tool \"clock\" for that, and this agent has none.";
    }
    return switch (question.topic()) {
      case GREETING ->
          "Hello! I am Kantele's scripted demo: no model is behind me, but the tools that I call"
              + " are real. "
              + TRY;
      case THANKS -> "You are welcome.";
      case HELP ->
          "I am Kantele's scripted demo, and no model is behind me. I work out arithmetic, such as"
              + " (3 + 4) * 2 or sqrt(2), and tell the time in many cities, both by calling tools"
              + " as a model does. "
              + TRY;
      case OTHER ->
          "I am Kantele's scripted demo: no model is behind me, so I only know arithmetic and what"
              + " time it is. For real answers set kantele.model to a model of a provider. "
              + TRY;
    };
  }

  private ScriptReply reply(ModelRequest request, String text, List<ScriptStep> calls) {
    var steps = new ArrayList<ScriptStep>();
    steps.add(new ScriptStep.Say(text, pacing));
    steps.addAll(calls);
    steps.add(new ScriptStep.Report(new Usage(inputTokens(request), tokens(text, calls), 0)));
    return new ScriptReply(When.ALWAYS, steps);
  }

  /** About what a model would count: four characters a token. */
  private static long inputTokens(ModelRequest request) {
    long characters = request.instructions().map(String::length).orElse(0);
    for (ToolSpec tool : request.tools()) {
      characters += tool.description().length() + tool.inputSchema().toString().length();
    }
    for (Message message : request.transcript()) {
      for (Part part : message.content()) {
        characters += characters(part);
      }
    }
    return characters / 4 + 1;
  }

  private static long tokens(String text, List<ScriptStep> calls) {
    long characters = text.length();
    for (ScriptStep step : calls) {
      if (step instanceof ScriptStep.Call(var tool, var arguments, _)) {
        characters += tool.length() + arguments.toString().length();
      }
    }
    return characters / 4 + 1;
  }

  private static int characters(Part part) {
    return switch (part) {
      case Part.Text(var text) -> text.length();
      case Part.Reasoning(var text, _) -> text.length();
      case Part.ToolCall(_, var name, var arguments) ->
          name.length() + arguments.toString().length();
      case Part.ToolResult(_, var output, _) ->
          output.map(JsonNode::toString).map(String::length).orElse(0);
      case Part.Data(var value) -> value.toString().length();
      case Part.Image _, Part.File _, Part.Resource _ -> 0;
    };
  }
}
