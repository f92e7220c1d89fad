package dev.kantele.runtime.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a host's name says about it, without asking anybody. */
final class Hosts {
  private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.\\d{1,3}){3}");

  /** Whether the host is this machine to itself: {@code localhost}, 127.0.0.0/8 or {@code ::1}. */
  static boolean isLoopback(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.equals("::1")
        || name.equals("[::1]")
        || name.equals("0:0:0:0:0:0:0:1")
        || LOOPBACK_V4.matcher(name).matches();
  }

  /** The host of a {@code Host} header, without its port, in lower case. */
  static Optional<String> ofHeader(String value) {
    return ofUri("http://" + value);
  }

  /** The host of a URI, in lower case; empty if it has none. */
  static Optional<String> ofUri(String uri) {
    try {
      return Optional.ofNullable(new URI(uri).getHost()).map(host -> host.toLowerCase(Locale.ROOT));
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  private Hosts() {}
}
