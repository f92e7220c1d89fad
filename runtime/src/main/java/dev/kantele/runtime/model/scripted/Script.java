package dev.kantele.runtime.model.scripted;

import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.settings.SettingsException;
import java.util.List;

/**
 * What a scripted model says: a list of replies. Where any reply has conditions, a call gets the
 * first one whose conditions hold; where none has, the first model call of each turn gets the first
 * reply, the second call the second one, and so on. A call for which there is no reply fails, for
 * good, with {@code script_ended} or {@code script_unmatched}.
 */
public record Script(List<ScriptReply> replies) implements ScriptedModel {
  public Script {
    replies = List.copyOf(replies);
    if (replies.isEmpty()) {
      throw new IllegalArgumentException("replies: 0 (expected: at least 1)");
    }
  }

  /** A script of these replies. */
  public static Script of(ScriptReply... replies) {
    return new Script(List.of(replies));
  }

  /** A script whose only reply, to the first call of each turn, is {@code text}. */
  public static Script saying(String text) {
    return of(ScriptReply.of(ScriptStep.say(text)));
  }

  /**
   * Reads a script from YAML.
   *
   * @param file what errors call it, as in {@code hello.yaml}
   * @throws SettingsException with file, line and what is expected, if it is no script
   */
  public static Script parse(String file, String yaml) {
    return ScriptParser.parse(file, yaml);
  }

  @Override
  public ScriptReply reply(ModelRequest request) {
    return replies.stream().anyMatch(reply -> reply.when().isConditional())
        ? firstThatHolds(request)
        : byNumber(TurnView.of(request.transcript()).callNumber());
  }

  private ScriptReply firstThatHolds(ModelRequest request) {
    return replies.stream()
        .filter(reply -> reply.when().holds(request))
        .findFirst()
        .orElseGet(
            () ->
                failing(
                    "script_unmatched",
                    "No reply of the script matches attempt %d at call %d of the turn"
                        .formatted(
                            request.attempt(), TurnView.of(request.transcript()).callNumber())));
  }

  private ScriptReply byNumber(int call) {
    return call <= replies.size()
        ? replies.get(call - 1)
        : failing(
            "script_ended",
            "The script has no reply for call %d of the turn (expected: 1..%d)"
                .formatted(call, replies.size()));
  }

  private static ScriptReply failing(String code, String message) {
    return ScriptReply.of(ScriptStep.fail(code, message, /* retryable= */ false));
  }
}
