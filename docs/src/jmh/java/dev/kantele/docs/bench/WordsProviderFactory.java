package dev.kantele.docs.bench;

import com.typesafe.config.Config;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelProviderFactory;
import java.time.Clock;

/** Brings {@link WordsProvider} into every node that is started with the benchmarks' class path. */
public final class WordsProviderFactory implements ModelProviderFactory {
  /** Found by the service loader. */
  public WordsProviderFactory() {}

  @Override
  public ModelProvider create(Config kanteleConfig, Clock clock) {
    return new WordsProvider();
  }
}
