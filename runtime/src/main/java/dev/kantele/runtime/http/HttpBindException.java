package dev.kantele.runtime.http;

import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node can't listen where it should. The message is one plain sentence that says why and what to
 * do; it is meant to be shown without a stack trace.
 */
public final class HttpBindException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private HttpBindException(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  /** Says what {@code cause}, thrown by the transport, means for {@code host} and {@code port}. */
  public static HttpBindException of(String host, int port, Throwable cause) {
    return new HttpBindException(sentence(host, port, cause), cause);
  }

  private static String sentence(String host, int port, Throwable cause) {
    if (find(cause, UnresolvedAddressException.class).isPresent()) {
      return "host %s is unknown; choose a name or an address of this machine with --host"
          .formatted(host);
    }
    String reason =
        find(cause, java.net.SocketException.class)
            .map(Throwable::getMessage)
            .orElse("no reason is known")
            .toLowerCase(Locale.ROOT);
    if (reason.contains("in use")) {
      return "port %d on %s is in use; choose another with --port or stop the other process"
          .formatted(port, host);
    }
    if (reason.contains("permission denied") || reason.contains("forbidden")) {
      return "port %d on %s needs a permission that this process lacks; choose one above 1023 with --port"
          .formatted(port, host);
    }
    if (reason.contains("assign requested address")) {
      return "%s is no address of this machine; choose one that is with --host".formatted(host);
    }
    return "port %d on %s can't be opened: %s".formatted(port, host, reason);
  }

  private static <T extends Throwable> Optional<T> find(@Nullable Throwable cause, Class<T> type) {
    @Nullable Throwable at = cause;
    while (at != null && !type.isInstance(at)) {
      at = at.getCause();
    }
    return Optional.ofNullable(at).map(type::cast);
  }
}
