package dev.kantele.runtime.http;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.TLSClosing;
import org.apache.pekko.stream.TLSProtocol;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.TLS;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's side of TLS, by files that may change while it runs: connections that begin go by the
 * new ones, those that are there stay. Files that can't be used change nothing but the log. Any
 * thread may call.
 */
final class TlsContext {
  private static final Logger log = LoggerFactory.getLogger(TlsContext.class);

  /** The files are looked at no more often. */
  private static final long LOOK_MILLIS = 1_000;

  /** By what a change of a file shows; a link that points elsewhere is a change, too. */
  private record Stamp(FileTime modified, long bytes, @Nullable Object file) {
    static Optional<Stamp> of(Path path) {
      try {
        var attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return Optional.of(
            new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey()));
      } catch (IOException _) {
        return Optional.empty();
      }
    }
  }

  private record Stamps(Optional<Stamp> certificate, Optional<Stamp> key) {
    static Stamps of(TlsFiles files) {
      return new Stamps(Stamp.of(files.certificate()), Stamp.of(files.key()));
    }
  }

  private final TlsFiles files;
  private final Clock clock;

  // Guarded by this.
  private Stamps seen;
  private SSLContext context;
  private long nextLook;

  /**
   * Reads the files.
   *
   * @throws SettingsException as {@link TlsFiles#context}
   */
  TlsContext(TlsFiles files, Clock clock) {
    this.files = requireNonNull(files, "files");
    this.clock = requireNonNull(clock, "clock");
    // Before the files are read: what changes in between shows at the next look.
    this.seen = Stamps.of(files);
    this.context = files.context();
    this.nextLook = clock.millis() + LOOK_MILLIS;
  }

  /** For a new connection. */
  SSLEngine engine() {
    SSLEngine engine = current().createSSLEngine();
    engine.setUseClientMode(false);
    return engine;
  }

  /** A stream of bytes as it is behind the encryption. */
  Flow<ByteString, ByteString, NotUsed> decrypted(Flow<ByteString, ByteString, NotUsed> plain) {
    BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> tls =
        TLS.create(this::engine, TLSClosing.eagerClose());
    return tls.reversed()
        .join(
            Flow.<SslTlsInbound>create()
                .collectType(TLSProtocol.SessionBytes.class)
                .map(TLSProtocol.SessionBytes::bytes)
                .via(plain)
                .map(bytes -> (SslTlsOutbound) new TLSProtocol.SendBytes(bytes)));
  }

  private synchronized SSLContext current() {
    long now = clock.millis();
    if (now >= nextLook || now < nextLook - LOOK_MILLIS) {
      nextLook = now + LOOK_MILLIS;
      Stamps stamps = Stamps.of(files);
      if (!Objects.equals(stamps, seen)) {
        seen = stamps;
        read();
      }
    }
    return context;
  }

  private void read() {
    try {
      context = files.context();
      log.info("New connections use the changed certificate {}.", files.certificate());
    } catch (SettingsException e) {
      log.warn("The certificate stays what it was: {}", e.getMessage());
    }
  }
}
