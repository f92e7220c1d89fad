package dev.kantele.runtime.model.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Secret;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelEvent.Failed;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ModelHttpClientTest {
  private static final String END = "data: end\n\n";
  private static final ModelEvent FINISHED = new ModelEvent.Finished(FinishReason.END, Usage.NONE);

  private final ActorTestKit kit = ActorTestKit.create();
  private final Materializer materializer = Materializer.matFromSystem(kit.system());
  private final ModelHttpClient client =
      new ModelHttpClient(
          new ModelHttpSettings(
              Duration.ofSeconds(10),
              Duration.ofSeconds(40),
              Duration.ofSeconds(1),
              /* maxEventBytes= */ 1_024,
              /* maxConnections= */ 1),
          Clock.systemUTC());

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  /** Says the data of each event, and finishes by "end"; "whole" is an end that needs no more. */
  private static final class Echo implements AnswerReader {
    private boolean whole;

    @Override
    public List<ModelEvent> read(ServerSentEvent event) {
      whole |= event.data().equals("whole");
      return List.of(
          event.data().equals("end") ? FINISHED : new ModelEvent.TextDelta(0, event.data()));
    }

    @Override
    public List<ModelEvent> end() {
      return whole ? List.of(FINISHED) : List.of();
    }
  }

  private record Call(UniqueKillSwitch cancel, CompletableFuture<List<ModelEvent>> events) {
    ModelEvent last() throws Exception {
      return events.get(40, TimeUnit.SECONDS).getLast();
    }
  }

  private Call call(String url) {
    return call(client, url);
  }

  private Call call(ModelHttpClient client, String url) {
    var request = new ModelHttpRequest(URI.create(url + "/v1/x"), Map.of(), "{}");
    return client
        .call("vendor", request, Echo::new, ModelHttpClientTest::refused)
        .viaMat(KillSwitches.single(), Keep.right())
        .toMat(Sink.seq(), Keep.both())
        .mapMaterializedValue(both -> new Call(both.first(), both.second().toCompletableFuture()))
        .run(materializer);
  }

  private static Failed refused(Refusal refusal) {
    return new Failed(new Failure("refused", refusal.toString(), false), refusal.retryAfter());
  }

  private static Failure failure(ModelEvent last) {
    assertThat(last).isInstanceOf(Failed.class);
    return ((Failed) last).failure();
  }

  @Test
  void there_are_no_more_calls_at_a_time_than_it_may_make() throws Exception {
    try (var server = new FakeVendor().then(FakeVendor.Call::hold).then(FakeVendor.HEAD + END)) {
      Call first = call(server.url());
      FakeVendor.Call held = server.call();

      assertThat(failure(call(server.url()).last()).code()).isEqualTo("rate_limited");

      first.cancel().shutdown();
      held.closed().get(1, TimeUnit.SECONDS);
      first.events().get(40, TimeUnit.SECONDS);
      assertThat(call(server.url()).last()).isEqualTo(FINISHED);
    }
  }

  @Test
  void an_answer_that_needs_no_more_is_whole_when_nothing_more_comes() throws Exception {
    try (var server =
        new FakeVendor()
            .then(
                call -> {
                  call.write(FakeVendor.HEAD + "data: whole\n\n");
                  call.hold();
                })) {
      assertThat(call(server.url()).last()).isEqualTo(FINISHED);
    }
  }

  @Test
  void a_comment_now_and_then_is_a_sign_of_life() throws Exception {
    try (var server =
        new FakeVendor()
            .then(
                call -> {
                  call.write(FakeVendor.HEAD + "data: a\n\n");
                  for (int i = 0; i < 12 && !closedWithin(call, 100); i++) {
                    call.write(": still here\n");
                  }
                  call.write(END);
                })) {
      assertThat(call(server.url()).last()).isEqualTo(FINISHED);
    }
  }

  /** Waits, unless the client goes away. */
  private static boolean closedWithin(FakeVendor.Call call, long millis) {
    try {
      call.closed().get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a full port refuses there")
  void a_connection_that_nobody_answers_is_given_up_when_its_time_is_over() throws Exception {
    try (var port = new FullPort()) {
      ModelHttpClient impatient =
          new ModelHttpClient(
              new ModelHttpSettings(
                  Duration.ofMillis(200), Duration.ofHours(1), Duration.ofHours(1), 1_024, 1),
              Clock.systemUTC());

      Failure failure = failure(call(impatient, port.url()).last());

      assertThat(failure)
          .isEqualTo(
              new Failure(
                  "timeout",
                  "vendor at %s did not take a connection within 200 ms".formatted(port.url()),
                  /* retryable= */ true));
    }
  }

  @Nested
  class ARefusal {
    @Test
    void has_the_begin_of_what_the_server_says_however_long_that_is() throws Exception {
      try (var server =
          new FakeVendor()
              .then(
                  call -> {
                    call.write("HTTP/1.1 400 Bad\r\nContent-Type: text/plain\r\n\r\n");
                    while (!call.closed().isDone()) {
                      call.write("no ".repeat(10_000));
                    }
                  })) {
        Failure failure = failure(call(server.url()).last());

        assertThat(failure.message()).contains("status=400", "mediaType=text/plain", "no no no");
        assertThat(failure.message()).hasSizeLessThan(70_000);
        server.call().closed().get(1, TimeUnit.SECONDS);
      }
    }

    @Test
    void does_not_wait_for_a_server_that_never_says_why() throws Exception {
      try (var server =
          new FakeVendor()
              .then(
                  call -> {
                    call.write("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 10\r\n\r\n");
                    call.hold();
                  })) {
        ModelEvent last = call(server.url()).last();

        assertThat(failure(last).message()).contains("status=503");
        assertThat(((Failed) last).retryAfter()).contains(Duration.ofSeconds(7));
      }
    }
  }

  @Nested
  class Tls {
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir private static Path folder;

    private static KeyStore keys = emptyStore();

    /** Of a server that is called localhost. */
    @BeforeAll
    static void makeKeys() throws Exception {
      Path store = folder.resolve("keys.p12");
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  "vendor",
                  "-keyalg",
                  "EC",
                  "-dname",
                  "CN=localhost",
                  "-ext",
                  "san=dns:localhost",
                  "-keystore",
                  store.toString(),
                  "-storepass",
                  new String(PASSWORD))
              .inheritIO()
              .start();
      assertThat(keytool.waitFor()).isZero();
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, PASSWORD);
      }
    }

    private static KeyStore emptyStore() {
      try {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
      } catch (GeneralSecurityException | IOException e) {
        throw new AssertionError(e);
      }
    }

    private static FakeVendor server() throws GeneralSecurityException, IOException {
      KeyManagerFactory own =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      own.init(keys, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own.getKeyManagers(), null, null);
      ServerSocket listener =
          context
              .getServerSocketFactory()
              .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
      return new FakeVendor(listener).then(FakeVendor.HEAD + END);
    }

    /** Has the system trust the server's certificate and no other. */
    private void trust() throws GeneralSecurityException {
      KeyStore trusted = emptyStore();
      trusted.setCertificateEntry("vendor", keys.getCertificate("vendor"));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      Http.get(kit.system()).setDefaultClientHttpsContext(ConnectionContext.httpsClient(context));
    }

    private static String url(FakeVendor server, String host) {
      return "https://" + host + server.url().substring(server.url().lastIndexOf(':'));
    }

    @Test
    void carries_a_call_by_an_https_address() throws Exception {
      try (var server = server()) {
        trust();

        assertThat(call(url(server, "localhost")).last()).isEqualTo(FINISHED);
      }
    }

    @Test
    void is_refused_with_a_server_whose_certificate_nobody_vouches_for() throws Exception {
      try (var server = server()) {
        Failure failure = failure(call(url(server, "localhost")).last());

        assertThat(failure)
            .isEqualTo(
                new Failure(
                    "network",
                    "the certificate of vendor at "
                        + url(server, "localhost")
                        + " is not for that host, or of nobody whom this machine trusts",
                    /* retryable= */ false));
      }
    }

    @Test
    void is_refused_with_a_server_of_another_name() throws Exception {
      try (var server = server()) {
        trust();

        Failure failure = failure(call(url(server, "127.0.0.1")).last());

        assertThat(failure.message()).contains("certificate", "is not for that host");
        assertThat(failure.retryable()).isFalse();
      }
    }
  }

  @Test
  void a_request_has_neither_credentials_nor_words_in_its_text_form() {
    var request =
        new ModelHttpRequest(
            URI.create("https://a.example/v1/x"),
            Map.of("Authorization", new Secret("Bearer abc")),
            "{\"said\":\"something\"}");

    assertThat(request).hasToString("POST https://a.example/v1/x");
  }
}
