package dev.kantele.runtime.poller.backend;

import java.io.IOException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The back ends by name, and which of them this machine has. */
public enum Backend {
  /** The best that this machine has. */
  AUTO,
  /** Linux. */
  EPOLL,
  /** macOS and FreeBSD. */
  KQUEUE,
  /** Everywhere; channels only. */
  NIO;

  private static final Logger LOG = LoggerFactory.getLogger(Backend.class);

  /**
   * Opens one. {@link #AUTO} takes the next best only if the JVM can't call the system at all, and
   * says so in the log.
   *
   * @throws IOException if the system refuses
   * @throws UnsupportedOperationException if this is no machine for it
   */
  public Poller open() throws IOException {
    return switch (this) {
      case AUTO -> auto();
      case EPOLL -> epoll();
      case KQUEUE -> kqueue();
      case NIO -> NioPoller.open();
    };
  }

  /** The name as it stands in settings: {@code epoll}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static Poller auto() throws IOException {
    try {
      return switch (osName()) {
        case "linux" -> epoll();
        case "mac os x", "freebsd" -> kqueue();
        default -> NIO.open();
      };
    } catch (LinkageError | IllegalCallerException e) {
      LOG.warn(
          "The poll loop runs on NIO, and can't watch descriptors, as this JVM may not call the"
              + " system: {}",
          e.toString());
      return NIO.open();
    }
  }

  private static Poller epoll() throws IOException {
    require("epoll", osName().equals("linux"), "Linux");
    return EpollPoller.open(new NativeSyscalls());
  }

  private static Poller kqueue() throws IOException {
    require(
        "kqueue", osName().equals("mac os x") || osName().equals("freebsd"), "macOS or FreeBSD");
    return KqueuePoller.open(new NativeSyscalls());
  }

  private static void require(String backend, boolean fits, String expected) {
    if (!fits) {
      throw new UnsupportedOperationException(
          backend + " on " + System.getProperty("os.name") + " (expected: " + expected + ")");
    }
  }

  private static String osName() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT);
  }
}
