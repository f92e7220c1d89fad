package dev.kantele.runtime;

import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** A provider under another name, beside the one on the class path. */
record Renamed(String name, ModelProvider provider) implements ModelProvider {
  @Override
  public List<String> models() {
    return provider.models();
  }

  @Override
  public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
    return provider.stream(request);
  }
}
