package dev.kantele.runtime.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.runtime.settings.SettingsException;
import dev.kantele.runtime.websocket.TestFront;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TlsTest {
  private final ActorSystem<Void> system = TestFront.system();
  private Path folder = Path.of("");

  @BeforeAll
  @Timeout(60)
  void makeKeys(@TempDir Path temporary) throws Exception {
    folder = temporary;
    for (String algorithm : List.of("RSA", "EC")) {
      TestKeys.make(folder, algorithm);
    }
  }

  @AfterAll
  void stop() {
    system.terminate();
  }

  private HttpClient trusting(String algorithm) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("node", TestKeys.store(folder, algorithm).getCertificate("node"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private String settings(String certificate, String key) {
    return "http.tls { certificate = \"%s\", key = \"%s\" }"
        .formatted(
            folder.resolve(certificate).toString().replace('\\', '/'),
            folder.resolve(key).toString().replace('\\', '/'));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void requests_and_web_sockets_are_encrypted(String algorithm) throws Exception {
    try (TestFront front =
            TestFront.start(system, settings(algorithm + ".crt", algorithm + ".key"));
        HttpClient http = trusting(algorithm)) {
      int port = front.address().getPort();
      HttpResponse<String> live =
          http.send(
              HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/health/live"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(live.statusCode()).isEqualTo(200);

      var answer = new CompletableFuture<String>();
      WebSocket socket =
          http.newWebSocketBuilder()
              .buildAsync(
                  URI.create("wss://localhost:" + port + "/v1/ws"),
                  new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onText(
                        WebSocket from, CharSequence text, boolean last) {
                      answer.complete(text.toString());
                      return null;
                    }
                  })
              .get();
      assertThat(
              socket
                  .sendText(
                      "{\"type\":\"hello\",\"id\":\"h\",\"versions\":[1],\"client\":\"c\"}", true)
                  .get())
          .isSameAs(socket);
      assertThat(answer.get()).contains("\"welcome\"");
      socket.abort();
    }
  }

  @Test
  void what_is_not_encrypted_is_not_answered() throws Exception {
    try (TestFront front = TestFront.start(system, settings("EC.crt", "EC.key"));
        HttpClient http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(
                  URI.create("http://localhost:" + front.address().getPort() + "/health/live"))
              .build();

      assertThatThrownBy(() -> http.send(request, HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void files_that_can_not_be_used_are_named() throws Exception {
    Files.writeString(folder.resolve("empty"), "");
    Files.writeString(
        folder.resolve("old.key"),
        "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----\n",
        UTF_8);

    assertFails(settings("none.crt", "EC.key"), "kantele.http.tls.certificate", "can't be read");
    assertFails(settings("empty", "EC.key"), "kantele.http.tls.certificate", "no certificate");
    assertFails(settings("EC.crt", "empty"), "kantele.http.tls.key", "PKCS #8");
    assertFails(settings("EC.crt", "old.key"), "kantele.http.tls.key", "openssl pkcs8");
    assertFails(settings("EC.crt", "RSA.key"), "kantele.http.tls.key", "does not fit");
    assertFails("http.tls.certificate = \"x\"", "kantele.http.tls.key", "missing");
  }

  private void assertFails(String settings, String key, String what) {
    assertThatThrownBy(() -> TestFront.start(system, settings))
        .isInstanceOf(SettingsException.class)
        .hasMessageContainingAll(key, what)
        .hasMessageNotContaining("c2VjcmV0");
  }
}
