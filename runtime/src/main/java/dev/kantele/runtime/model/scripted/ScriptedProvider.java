package dev.kantele.runtime.model.scripted;

import dev.kantele.protocol.Failure;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** The provider {@code scripted}: each of its models follows a script. Immutable. */
public final class ScriptedProvider implements ModelProvider {
  /** The provider's name. */
  public static final String NAME = "scripted";

  private final Map<String, ScriptedModel> models;
  private final Optional<CallLog> callLog;

  private ScriptedProvider(Map<String, ? extends ScriptedModel> models, Optional<CallLog> callLog) {
    this.models = Map.copyOf(models);
    this.callLog = callLog;
  }

  /** A provider of these models, by name. */
  public static ScriptedProvider of(Map<String, ? extends ScriptedModel> models) {
    return new ScriptedProvider(models, Optional.empty());
  }

  /** The same provider, which writes its calls down in {@code log} before it answers them. */
  public ScriptedProvider withCallLog(CallLog log) {
    return new ScriptedProvider(models, Optional.of(log));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<String> models() {
    return models.keySet().stream().sorted().toList();
  }

  @Override
  public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
    ScriptedModel model = models.get(request.model());
    if (model == null) {
      return Source.single(new ModelEvent.Failed(notFound(request.model())));
    }
    Source<ModelEvent, NotUsed> answer = Source.fromGraph(new CueStage(() -> model.reply(request)));
    return callLog.map(log -> afterLogging(request, log, answer)).orElse(answer);
  }

  private static Source<ModelEvent, NotUsed> afterLogging(
      ModelRequest request, CallLog log, Source<ModelEvent, NotUsed> answer) {
    return Source.lazyCompletionStageSource(() -> log.append(request).thenApply(_ -> answer))
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  private Failure notFound(String model) {
    return new Failure(
        "model_not_found",
        "There is no model '%s/%s' (expected: one of %s)".formatted(NAME, model, models()),
        /* retryable= */ false);
  }
}
