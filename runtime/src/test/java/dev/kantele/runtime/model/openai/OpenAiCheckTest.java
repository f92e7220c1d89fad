package dev.kantele.runtime.model.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.kantele.runtime.KanteleSettings;
import dev.kantele.runtime.model.ModelCheck;
import dev.kantele.runtime.model.http.FakeVendor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class OpenAiCheckTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final FakeVendor server = new FakeVendor();
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void stop() {
    end.countDown();
    server.close();
  }

  private static ModelCheck check(String url, Duration limit) throws Exception {
    var settings =
        KanteleSettings.from(
            ConfigFactory.parseString(
                "kantele.models.openai { base-url = \"%s/v1\", api-key = sk-hidden }"
                    .formatted(url)));
    return new OpenAiProviderFactory()
        .create(settings.config().getConfig("kantele"), Clock.systemUTC())
        .check(limit)
        .toCompletableFuture()
        .get(40, TimeUnit.SECONDS);
  }

  private static ModelCheck failed(String message) {
    return new ModelCheck.Failed(message, Optional.empty());
  }

  @Test
  void a_server_that_lists_its_models_is_reached() throws Exception {
    server.then(
        "HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 04:00:00 GMT\r\nConnection: close\r\n\r\n"
            + "{\"data\":[{\"id\":\"a\"},{\"id\":\"b\"}]}");

    assertThat(check(server.url(), PATIENCE))
        .isEqualTo(
            new ModelCheck.Reached(
                Optional.of(Set.of("a", "b")), Optional.of(Instant.parse("2026-11-21T04:00:00Z"))));
  }

  @Test
  void a_date_that_is_none_is_left_out() throws Exception {
    server.then("HTTP/1.1 200 OK\r\nDate: today\r\nConnection: close\r\n\r\n[]");

    assertThat(check(server.url(), PATIENCE))
        .isEqualTo(new ModelCheck.Reached(Optional.empty(), Optional.empty()));
  }

  @Test
  void a_server_that_does_not_answer_is_given_up() throws Exception {
    server.then(_ -> await());

    assertThat(check(server.url(), Duration.ofSeconds(1)))
        .isEqualTo(
            failed(
                server.url()
                    + " did not answer within 1 s; look at the network and at that server"));
  }

  @Test
  void a_body_that_does_not_end_is_given_up() throws Exception {
    server.then(
        call -> {
          call.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
          await();
        });

    assertThat(check(server.url(), Duration.ofSeconds(1)))
        .isEqualTo(
            failed(
                server.url()
                    + " did not answer within 1 s; look at the network and at that server"));
  }

  private void await() {
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_is_no_http_can_not_be_read() throws Exception {
    server.then("SSH-2.0-OpenSSH_9.9\r\n");

    assertThat(check(server.url(), PATIENCE))
        .isEqualTo(
            failed("what " + server.url() + " answers can't be read; look at OPENAI_BASE_URL"));
  }

  /* It answers before it has read a request, which would never be one. */
  @Test
  void a_server_without_tls_is_no_https_server() throws Exception {
    try (var plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> refuse(plain));
      String url = "https://127.0.0.1:" + plain.getLocalPort();

      assertThat(check(url, PATIENCE))
          .isEqualTo(
              failed(
                  "the TLS connection to "
                      + url
                      + " could not be made; look at its certificate and at proxies"));
    }
  }

  private static void refuse(ServerSocket plain) {
    try (var socket = plain.accept()) {
      socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_host_that_does_not_exist_is_unknown() throws Exception {
    assertThat(check("http://no.such.host.invalid", PATIENCE))
        .isEqualTo(
            failed(
                "the host of http://no.such.host.invalid is unknown; look at OPENAI_BASE_URL and at"
                    + " the network"));
  }
}
