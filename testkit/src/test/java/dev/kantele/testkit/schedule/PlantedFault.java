package dev.kantele.testkit.schedule;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.hook.BeforeModel;
import dev.kantele.runtime.hook.Hook;
import dev.kantele.runtime.hook.ModelCall;
import dev.kantele.testkit.TestNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** What is put wrong on purpose, and the rule that must be seen to break by it. */
@SuppressWarnings("ImmutableEnumChecker") // Its functions keep nothing.
enum PlantedFault {
  NONE(Rule.LOG_RULES, _ -> {}),
  AN_EVENT_IS_LEFT_OUT(
      Rule.LOG_RULES, node -> node.through(Sabotage.everyNth(25, Sabotage::withoutTheFirst))),
  AN_EVENT_COMES_TWICE(
      Rule.LOG_RULES, node -> node.through(Sabotage.everyNth(25, Sabotage::withTheFirstTwice))),
  A_TEXT_IS_NOT_WHAT_WAS_STREAMED(
      Rule.LOG_RULES,
      node ->
          node.through(
              Sabotage.everyNth(
                  1, deliveries -> Sabotage.with(deliveries, PlantedFault::otherText)))),
  AN_OUTPUT_IS_NOT_THE_SAME_FOR_ALL(
      Rule.ONE_LOG,
      node ->
          node.through(
              Sabotage.everyNth(
                  2, deliveries -> Sabotage.with(deliveries, PlantedFault::otherOutput)))),
  A_PROMPT_IS_ACKED_AND_LOST(
      Rule.ACCEPTED_TURNS_END,
      node ->
          node.through(
              Sabotage.ofSubmits(
                  submission ->
                      submission.command() instanceof Command.Prompt prompt
                              && prompt.id().value().endsWith("3")
                          ? submission.ack(
                              new AckBody.PromptAccepted(prompt.turn().orElseThrow(), 0, 1))
                          : submission.go()))),
  A_CANCEL_IS_ACKED_AND_FORGOTTEN(
      Rule.CANCEL_HAS_A_DEADLINE,
      node ->
          node.through(
              Sabotage.ofSubmits(
                  submission ->
                      submission.command() instanceof Command.Cancel
                          ? submission.ack(new AckBody.Done())
                          : submission.go()))),
  AN_UNSAFE_TOOL_IS_CALLED_AGAIN(Rule.EFFECTS_DO_NOT_DOUBLE, _ -> {}),
  A_REPEATED_COMMAND_GETS_ANOTHER_ANSWER(
      Rule.REPLIES_HOLD,
      node ->
          node.through(
              Sabotage.ofSubmits(
                  submission -> submission.go().thenApply(PlantedFault::otherAnswer)))),
  A_RESULT_IS_KEPT_FROM_THE_MODEL(Rule.TRANSCRIPT_IS_VALID, node -> node.with(new Forgetful())),
  SOMETHING_RUNS_ON_ANOTHER_THREAD(
      Rule.NOTHING_IS_LEFT,
      node ->
          node.through(
              Sabotage.ofSubmits(
                  submission ->
                      CompletableFuture.supplyAsync(submission::go).thenCompose(reply -> reply))));

  private final Rule broken;
  private final Consumer<TestNode> plant;

  PlantedFault(Rule broken, Consumer<TestNode> plant) {
    this.broken = broken;
    this.plant = plant;
  }

  Rule broken() {
    return broken;
  }

  void plant(TestNode node) {
    plant.accept(node);
  }

  /** What the tool says of itself that must not be called twice. */
  ToolEffect effectOfSend() {
    return this == AN_UNSAFE_TOOL_IS_CALLED_AGAIN ? ToolEffect.READ_ONLY : ToolEffect.UNSAFE;
  }

  private static EventBody otherText(EventBody body) {
    return body instanceof EventBody.TextDelta delta && delta.text().startsWith("All")
        ? new EventBody.TextDelta(delta.turn(), delta.stream(), delta.part(), "Not " + delta.text())
        : body;
  }

  private static EventBody otherOutput(EventBody body) {
    return body instanceof EventBody.ToolCompleted end
        ? new EventBody.ToolCompleted(
            end.turn(), end.invocation(), JsonNodeFactory.instance.textNode("something else"))
        : body;
  }

  private static Reply otherAnswer(Reply reply) {
    return reply instanceof Reply.Ack(var re, var again, AckBody.PromptAccepted accepted) && again
        ? new Reply.Ack(
            re,
            /* duplicate= */ true,
            new AckBody.PromptAccepted(
                accepted.turn(), accepted.position() + 1, accepted.nextSeq()))
        : reply;
  }

  /** A hook that lets the model see calls without their results. */
  private static final class Forgetful implements Hook {
    @Override
    public String name() {
      return "forgetful";
    }

    @Override
    public CompletionStage<BeforeModel> beforeModel(ModelCall call) {
      List<Message> without =
          call.request().transcript().stream()
              .filter(
                  message ->
                      message.content().stream().noneMatch(Part.ToolResult.class::isInstance))
              .toList();
      return CompletableFuture.completedStage(
          BeforeModel.Change.of(call.request()).withTranscript(without));
    }
  }
}
