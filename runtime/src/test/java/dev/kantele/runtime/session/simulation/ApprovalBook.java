package dev.kantele.runtime.session.simulation;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.InputAnswered;
import dev.kantele.protocol.EventBody.InputRequested;
import dev.kantele.protocol.EventBody.SessionOpened;
import dev.kantele.protocol.EventBody.ToolApprovalRequired;
import dev.kantele.protocol.EventBody.ToolApproved;
import dev.kantele.protocol.EventBody.ToolCompleted;
import dev.kantele.protocol.EventBody.ToolFailed;
import dev.kantele.protocol.EventBody.ToolRequested;
import dev.kantele.protocol.EventBody.ToolStarted;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.RequestId;
import dev.kantele.runtime.hook.ArgumentChange;
import dev.kantele.runtime.hook.ToolResult;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.ResultGiven;
import dev.kantele.runtime.log.JournalRecord.Visible;
import dev.kantele.runtime.session.Catalog;
import dev.kantele.runtime.session.Effect;
import dev.kantele.runtime.tool.AskUserTool;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which tool calls may run: by their agent's policy as it is meant, and by what people decided; and
 * what people answered.
 */
final class ApprovalBook {
  private final Findings findings;
  private final Catalog catalog;
  private final Map<InvocationId, ToolRequested> requested = new HashMap<>();
  private final Map<InvocationId, JsonNode> allowed = new HashMap<>();
  private final Set<InvocationId> asked = new HashSet<>();
  private final Set<InvocationId> ended = new HashSet<>();
  private final Map<RequestId, InvocationId> questions = new HashMap<>();
  private final Map<InvocationId, Optional<JsonNode>> answers = new HashMap<>();

  /** What hooks let through, what they offered as arguments, and what the log took of that. */
  private final Set<InvocationId> passed = new HashSet<>();

  private final Map<InvocationId, Set<JsonNode>> offered = new HashMap<>();
  private final Map<InvocationId, JsonNode> changed = new HashMap<>();

  /** What clients and people have answered, and what hooks made of that. */
  private final Map<InvocationId, ToolResult> given = new HashMap<>();

  private final Map<InvocationId, Set<ToolResult>> madeOf = new HashMap<>();
  private String agent = "";

  ApprovalBook(Findings findings, Catalog catalog) {
    this.findings = findings;
    this.catalog = catalog;
  }

  /** Hooks are asked about a call. */
  void asked(Effect.CheckTool check) {
    InvocationId invocation = check.invocation();
    if (asked.contains(invocation) && !allowed.containsKey(invocation)) {
      wrong(check + ": nobody allowed it");
    }
    if (!check.arguments().equals(allowed.getOrDefault(invocation, arguments(invocation)))) {
      wrong(check + ": allowed was " + allowed.get(invocation));
    }
  }

  /** Hooks let a call through. */
  void passed(Effect.CheckTool check, List<ArgumentChange> changes) {
    passed.add(check.invocation());
    for (ArgumentChange change : changes) {
      offered.computeIfAbsent(check.invocation(), _ -> new HashSet<>()).add(change.arguments());
    }
  }

  /** Hooks are asked about what a client or a person has answered. */
  void asked(Effect.CheckResult check) {
    if (!check.result().equals(given.get(check.invocation()))) {
      findings.add(Rule.REPLIES_HOLD, check + ": the answer was " + given.get(check.invocation()));
    }
  }

  /** Hooks have said what an answer is to be. */
  void made(Effect.CheckResult check, ToolResult result) {
    madeOf.computeIfAbsent(check.invocation(), _ -> new HashSet<>()).add(result);
  }

  /** Takes in a row that is in the journal now. */
  void durable(JournalRecord row) {
    switch (row.content()) {
      case Visible(var body) -> durable(body);
      case ResultGiven(var result) -> given(result.invocation(), result.output(), result.error());
      default -> {}
    }
  }

  private void given(
      InvocationId invocation, Optional<JsonNode> output, Optional<Failure> failure) {
    given.put(
        invocation,
        output
            .<ToolResult>map(ToolResult.Output::new)
            .orElseGet(() -> new ToolResult.Failed(failure.orElseThrow())));
  }

  /* Hooks may have been there when it was given, and be gone now. */
  private void endsAsGiven(InvocationId invocation, ToolResult end) {
    ToolResult answer = given.get(invocation);
    boolean hooksBroke =
        end instanceof ToolResult.Failed(var failure) && failure.code().equals("hook_failed");
    if (answer != null
        && !hooksBroke
        && !answer.equals(end)
        && !madeOf.getOrDefault(invocation, Set.of()).contains(end)) {
      findings.add(
          Rule.REPLIES_HOLD, "%s ends with %s (answered: %s)".formatted(invocation, end, answer));
    }
  }

  private void durable(EventBody.Durable body) {
    switch (body) {
      case SessionOpened opened -> agent = opened.agent();
      case ToolRequested call -> requested.put(call.invocation(), call);
      case ToolApprovalRequired required -> {
        if (!asked.add(required.invocation())) {
          wrong(required.invocation() + " is asked for twice");
        }
      }
      case ToolApproved approved -> approved(approved);
      case ToolStarted started -> started(started.invocation());
      case InputRequested question ->
          question.asker().ifPresent(asker -> questions.put(question.request(), asker));
      case InputAnswered answer -> {
        InvocationId asker = questions.get(answer.request());
        if (answers.put(asker, answer.content()) != null) {
          findings.add(Rule.REPLIES_HOLD, answer + " is a second answer");
        }
        var declined = new Failure("declined", answer.by() + " declined to answer", false);
        given(requireNonNull(asker, "asker"), answer.content(), Optional.of(declined));
      }
      case ToolCompleted end -> {
        ended.add(end.invocation());
        completed(end);
      }
      case ToolFailed end -> {
        ended.add(end.invocation());
        endsAsGiven(end.invocation(), new ToolResult.Failed(end.error()));
      }
      case EventBody.Terminal end when end instanceof EventBody.OfInvocation of ->
          ended.add(of.invocation());
      default -> {}
    }
  }

  private void completed(ToolCompleted end) {
    boolean asks =
        requested.containsKey(end.invocation())
            && requested.get(end.invocation()).name().equals(AskUserTool.NAME);
    if (asks && !answers.containsKey(end.invocation())) {
      findings.add(Rule.REPLIES_HOLD, end + " was not answered");
    }
    endsAsGiven(end.invocation(), new ToolResult.Output(end.output()));
  }

  private void approved(ToolApproved approved) {
    InvocationId invocation = approved.invocation();
    if (approved.by().startsWith("hook:")) {
      changed(approved);
      return;
    }
    if (!asked.contains(invocation) || ended.contains(invocation)) {
      wrong(invocation + " is approved though it does not wait");
    }
    if (allowed.put(invocation, approved.arguments().orElseGet(() -> arguments(invocation)))
        != null) {
      wrong(invocation + " is approved twice");
    }
  }

  private void changed(ToolApproved approved) {
    JsonNode arguments = approved.arguments().orElseThrow();
    if (!offered.getOrDefault(approved.invocation(), Set.of()).contains(arguments)) {
      wrong(approved + ": no hook said so");
    }
    if (ended.contains(approved.invocation())) {
      wrong(approved + " comes after its end");
    }
    changed.put(approved.invocation(), arguments);
  }

  private void started(InvocationId invocation) {
    ToolRequested call = requested.get(invocation);
    if (call == null) {
      return;
    }
    JsonNode arguments = arguments(invocation);
    if (SimulatedCatalog.mustDeny(agent, call.name(), arguments)) {
      wrong(call + " starts though the policy forbids it");
    }
    boolean mustAsk = SimulatedCatalog.mustAsk(agent, call.name(), arguments);
    if (mustAsk && !allowed.containsKey(invocation)) {
      wrong(call + " starts though nobody allowed it");
    }
    if (!mustAsk && asked.contains(invocation)) {
      wrong(call + " was asked for though the policy allows it");
    }
  }

  private JsonNode arguments(InvocationId invocation) {
    ToolRequested call = requested.get(invocation);
    return call == null
        ? JsonNodeFactory.instance.objectNode()
        : call.arguments().orElseGet(JsonNodeFactory.instance::objectNode);
  }

  /** A tool is run. */
  void invoked(Effect.InvokeTool invoke) {
    InvocationId invocation = invoke.invocation();
    if (ended.contains(invocation)) {
      wrong(invoke + ": it runs after its end");
    }
    if (asked.contains(invocation) && !allowed.containsKey(invocation)) {
      wrong(invoke + ": nobody allowed it");
    }
    if (catalog.checksTools() && invoke.attempt() <= 1 && !passed.contains(invocation)) {
      wrong(invoke + ": no hook let it through");
    }
    JsonNode expected =
        changed.getOrDefault(invocation, allowed.getOrDefault(invocation, arguments(invocation)));
    if (!invoke.arguments().equals(expected)) {
      wrong(invoke + ": allowed was " + expected);
    }
  }

  private void wrong(String sentence) {
    findings.add(Rule.NOTHING_RUNS_UNALLOWED, sentence);
  }
}
