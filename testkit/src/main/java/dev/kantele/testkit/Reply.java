package dev.kantele.testkit;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.codec.WireMapper;
import dev.kantele.runtime.model.scripted.ScriptReply;
import dev.kantele.runtime.model.scripted.ScriptStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the model says in one call, step by step. Immutable: each method returns a longer one. One
 * that has no ending ends by itself: with a finish for tool calls if there are any.
 *
 * {@snippet :
 * Reply.says("Let me look.").pauses(Duration.ofMinutes(3)).calls("look", Map.of("where", "there"));
 * }
 */
public final class Reply {
  private final List<ScriptStep> steps;

  private Reply(List<ScriptStep> steps) {
    this.steps = steps;
  }

  private static final Reply NOTHING = new Reply(List.of());

  /** Says {@code text}, in pieces of eight characters. */
  public static Reply says(String text) {
    return NOTHING.thenSays(text);
  }

  /** Thinks {@code text}. */
  public static Reply reasons(String text) {
    return NOTHING.then(ScriptStep.reason(text));
  }

  /** Calls a tool; {@code arguments} are what JSON can hold. */
  public static Reply calls(String tool, Map<String, ?> arguments) {
    return NOTHING.thenCalls(tool, arguments);
  }

  /** Waits before anything is said. */
  public static Reply pauses(Duration duration) {
    return NOTHING.thenPauses(duration);
  }

  /** Fails; where it is {@code retryable} the runtime calls again within the agent's attempts. */
  public static Reply fails(String code, boolean retryable) {
    return NOTHING.thenFails(code, retryable);
  }

  /** Says nothing, and never ends. */
  public static Reply hangs() {
    return NOTHING.thenHangs();
  }

  /** The same, and then {@code text}; after text it goes on in the same part of the message. */
  public Reply thenSays(String text) {
    return then(ScriptStep.say(text));
  }

  /** The same, and then a call of a tool. Several in one reply run in parallel. */
  public Reply thenCalls(String tool, Map<String, ?> arguments) {
    JsonNode json = WireMapper.json().valueToTree(requireNonNull(arguments, "arguments"));
    return then(ScriptStep.call(tool, json));
  }

  /** The same, and then a call with arguments that are no JSON object. */
  public Reply thenCallsBadly(String tool, String arguments) {
    return then(ScriptStep.malformed(tool, arguments));
  }

  /** The same, and then silence of {@code duration}. */
  public Reply thenPauses(Duration duration) {
    return then(ScriptStep.pause(duration));
  }

  /** The same, with this many tokens reported as used. */
  public Reply thenUses(long inputTokens, long outputTokens) {
    return then(ScriptStep.usage(inputTokens, outputTokens));
  }

  /** The same, and then the end, for {@code reason}. */
  public Reply thenFinishes(FinishReason reason) {
    return then(ScriptStep.finish(reason));
  }

  /** The same, and then a failure. */
  public Reply thenFails(String code, boolean retryable) {
    return then(ScriptStep.fail(code, "The script says so.", retryable));
  }

  /** The same, and then the end without a finish, as of a lost connection. */
  public Reply thenDrops() {
    return then(ScriptStep.drop());
  }

  /** The same, and then nothing more, without an end. */
  public Reply thenHangs() {
    return then(ScriptStep.never());
  }

  /** The same, and then any step of a script. */
  public Reply then(ScriptStep step) {
    return new Reply(Stream.concat(steps.stream(), Stream.of(step)).toList());
  }

  /** The steps, in order. */
  public List<ScriptStep> steps() {
    return steps;
  }

  ScriptReply script() {
    return ScriptReply.of(new ArrayList<>(steps).toArray(ScriptStep[]::new));
  }
}
