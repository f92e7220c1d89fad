package dev.kantele.runtime.model.openai;

import dev.kantele.protocol.Secret;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.http.AnswerReader;
import dev.kantele.runtime.model.http.ModelHttpClient;
import dev.kantele.runtime.model.http.ModelHttpRequest;
import dev.kantele.runtime.model.http.VendorErrors;
import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The calls of one provider by one of OpenAI's wires.
 *
 * @param provider its name, which its reasoning is marked by
 * @param vendor whether it is OpenAI itself, or Azure, and not a server that speaks the same
 */
record OpenAiCalls(
    String provider, OpenAiWire wire, boolean vendor, ModelHttpClient client, VendorErrors errors) {
  /** One call; a request that can't be sent is a failure. */
  Source<ModelEvent, NotUsed> stream(
      ModelRequest request, URI url, Map<String, Secret> credentials) {
    ChatRequest what =
        switch (wire) {
          case CHAT -> ChatRequest.of(request, vendor);
          case RESPONSES -> ResponsesRequest.of(request, provider);
        };
    return switch (what) {
      case ChatRequest.Invalid(var message) -> failed("invalid_params", message);
      case ChatRequest.Body(var json) ->
          client.call(
              provider,
              new ModelHttpRequest(url, credentials, json.toString()),
              readers(),
              errors::refused);
    };
  }

  private Supplier<AnswerReader> readers() {
    return switch (wire) {
      case CHAT -> () -> new ChatReader(errors);
      case RESPONSES -> () -> new ResponsesReader(provider, errors);
    };
  }

  /** A call that is not made. */
  static Source<ModelEvent, NotUsed> failed(String code, String message) {
    return Source.single(VendorErrors.failed(code, message, /* retryable= */ false));
  }
}
