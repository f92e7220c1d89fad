package dev.kantele.runtime.model.openai;

import com.typesafe.config.ConfigFactory;
import dev.kantele.runtime.KanteleSettings;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelProviderContract;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.Requests;
import dev.kantele.runtime.model.http.FakeVendor;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;

/** The contract, with a server that does what the name of the model says. */
final class OpenAiProviderTest extends ModelProviderContract {
  private static final String SAID =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}\n\n";

  private static final String CALLED =
      """
      data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"{"}}]}}]}

      data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}}]}

      data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

      data: [DONE]

      """;

  /** Completes when the latest endless call is over for the server. */
  private volatile CompletableFuture<Void> endlessClosed = new CompletableFuture<>();

  private final FakeVendor server = new FakeVendor().then(this::answer);
  private final ModelProvider provider =
      new OpenAiProviderFactory()
          .create(
              KanteleSettings.from(
                      ConfigFactory.parseString(
                          "kantele.models.openai { base-url = \"%s/v1/\", models = [answered] }"
                              .formatted(server.url())))
                  .config()
                  .getConfig("kantele"),
              Clock.systemUTC());

  private void answer(FakeVendor.Call call) throws IOException {
    if (call.body().contains("\"model\":\"answered\"")) {
      call.write(FakeVendor.HEAD + SAID.repeat(5) + CALLED);
    } else if (call.body().contains("\"model\":\"failing\"")) {
      call.write(FakeVendor.HEAD + SAID);
    } else {
      endlessClosed = call.closed();
      call.write(FakeVendor.HEAD);
      while (!call.closed().isDone()) {
        call.write(SAID.repeat(100));
      }
    }
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  @Override
  protected ModelProvider provider() {
    return provider;
  }

  @Override
  protected ModelRequest answered() {
    return Requests.of("Go on.").model("answered").build();
  }

  @Override
  protected ModelRequest failing() {
    return Requests.of("Go on.").model("failing").build();
  }

  @Override
  protected ModelRequest endless() {
    return Requests.of("Go on.").model("endless").build();
  }

  @Override
  protected CompletableFuture<?> released() {
    return endlessClosed;
  }
}
