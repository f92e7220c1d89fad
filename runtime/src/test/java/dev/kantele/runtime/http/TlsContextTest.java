package dev.kantele.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.runtime.settings.SettingsException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class TlsContextTest {
  @TempDir private static Path keys;

  @TempDir private Path folder;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-30T00:00:00Z"));
  private final InstantSource time = now::get;
  private final Clock clock = time.withZone(ZoneOffset.UTC);

  @BeforeAll
  @Timeout(60)
  static void makeKeys() throws Exception {
    TestKeys.make(keys, "RSA");
    TestKeys.make(keys, "EC");
  }

  @BeforeEach
  void begin() throws Exception {
    use("EC", "EC");
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private void use(String certificate, String key) throws Exception {
    put(certificate + ".crt", "certificate");
    put(key + ".key", "key");
  }

  /** As tools do that renew certificates: at once, by another file in its place. */
  private void put(String key, String name) throws Exception {
    Path made = Files.copy(keys.resolve(key), file(name + ".new"));
    Files.move(made, file(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private TlsContext context() {
    return new TlsContext(new TlsFiles(file("certificate"), file("key")), clock);
  }

  private void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  /** The algorithm of the certificate that a client is shown. */
  private static String shown(TlsContext context) throws Exception {
    var seen = new AtomicReference<String>();
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, new TrustManager[] {new Seeing(seen)}, null);
    SSLEngine client = trusting.createSSLEngine();
    client.setUseClientMode(true);
    SSLEngine server = context.engine();
    ByteBuffer toServer = ByteBuffer.allocate(64 * 1024);
    ByteBuffer toClient = ByteBuffer.allocate(64 * 1024);
    for (int i = 0; i < 20 && seen.get() == null; i++) {
      step(client, toClient, toServer);
      step(server, toServer, toClient);
    }
    return seen.get();
  }

  /** Takes what has come and sends what there is to send. */
  private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws Exception {
    if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
      engine.beginHandshake();
    }
    ByteBuffer plain = ByteBuffer.allocate(64 * 1024);
    in.flip();
    for (int i = 0; i < 20; i++) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> engine.getDelegatedTask().run();
        case NEED_WRAP -> assertThat(engine.wrap(ByteBuffer.allocate(0), out)).isNotNull();
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> assertThat(engine.unwrap(in, plain)).isNotNull();
        case FINISHED, NOT_HANDSHAKING -> {
          // Nothing to do.
        }
      }
    }
    in.compact();
  }

  private record Seeing(AtomicReference<String> algorithm) implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
      throw new AssertionError("not a server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
      algorithm.set(chain[0].getPublicKey().getAlgorithm());
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void changed_files_are_used_by_the_connections_that_begin_after_a_second() throws Exception {
    TlsContext context = context();
    assertThat(shown(context)).isEqualTo("EC");

    use("RSA", "RSA");
    assertThat(shown(context)).isEqualTo("EC");
    pass(Duration.ofSeconds(1));
    assertThat(shown(context)).isEqualTo("RSA");
  }

  @Test
  void files_that_do_not_fit_change_nothing_until_they_do() throws Exception {
    TlsContext context = context();

    use("RSA", "EC");
    pass(Duration.ofSeconds(1));
    assertThat(shown(context)).isEqualTo("EC");

    use("RSA", "RSA");
    pass(Duration.ofSeconds(1));
    assertThat(shown(context)).isEqualTo("RSA");
  }

  @Test
  void files_that_are_gone_change_nothing() throws Exception {
    TlsContext context = context();

    Files.delete(file("key"));
    pass(Duration.ofHours(1));
    assertThat(shown(context)).isEqualTo("EC");
  }

  @Test
  void a_clock_that_is_set_back_does_not_keep_them() throws Exception {
    TlsContext context = context();

    use("RSA", "RSA");
    pass(Duration.ofDays(-1));
    assertThat(shown(context)).isEqualTo("RSA");
  }

  @Test
  void at_the_start_they_must_be_good() throws Exception {
    use("RSA", "EC");

    assertThatThrownBy(this::context).isInstanceOf(SettingsException.class);
  }
}
