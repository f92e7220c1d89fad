package dev.kantele.runtime.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * A family of models that stream their answers, such as {@code scripted} or one vendor's API.
 * Thread-safe: many sessions call one provider at the same time.
 */
public interface ModelProvider {
  /** The part before the slash of a model reference, as in {@code scripted/demo}. */
  String name();

  /**
   * The models that this provider knows of, without its name, for listings and for checks at start.
   */
  List<String> models();

  /** Whether {@code model}, the part after the slash, can be called; by default if it is listed. */
  default boolean has(String model) {
    return models().contains(model);
  }

  /**
   * Why no call can succeed as the node is configured, such as for want of a key, as one plain
   * sentence that says what to do; empty if nothing is known to be in the way. A node does not
   * start with an agent whose model has an obstacle.
   */
  default Optional<String> obstacle() {
    return Optional.empty();
  }

  /**
   * Asks whether the models can be called now, without calling one. Works before a node has been
   * started. The stage does not fail.
   *
   * @param limit when an answer that does not come counts as none
   */
  default CompletionStage<ModelCheck> check(Duration limit) {
    return CompletableFuture.completedStage(new ModelCheck.NotAsked());
  }

  /**
   * Returns one call of the model, made when the source is materialised and stopped when it is
   * cancelled: a cancel releases what the call holds (closes its connection). The last element is
   * {@link ModelEvent.Finished} or {@link ModelEvent.Failed}; a source that completes without one,
   * or fails, is a failed stream. Elements are taken with demand; parts are numbered from 0 in the
   * order in which they begin.
   */
  Source<ModelEvent, NotUsed> stream(ModelRequest request);
}
