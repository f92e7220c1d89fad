package dev.kantele.runtime.model.ollama;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code OLLAMA_HOST} in the forms that Ollama's own client takes: a host, a port, or both,
 * with or without a scheme and a path ({@code Host} in Ollama's envconfig/config.go).
 */
final class OllamaHost {
  private static final String LOCAL = "127.0.0.1";
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;
  private static final int OLLAMA_PORT = 11434;
  private static final int MAX_PORT = 65_535;

  /** The vendor's own service, which is the one host that has another default. */
  static final String CLOUD = "ollama.com";

  private static final Pattern FORM =
      Pattern.compile(
          "(?i)(?:(?<scheme>https?)://)?(?<host>\\[[0-9a-f:.]+\\]|[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*|[^:/?#@\\[\\]\\s]*)(?::(?<port>[0-9]{0,5}))?(?<path>/(?!/)[^?#\\s]*)?");

  /** The server's address, without a slash at its end; empty if it is none. */
  static Optional<URI> url(String setting) {
    Matcher form = FORM.matcher(setting.strip());
    if (!form.matches()) {
      return Optional.empty();
    }
    String host = host(form.group("host"));
    boolean cloud = form.group("scheme") == null && host.equals(CLOUD);
    String scheme =
        form.group("scheme") == null ? (cloud ? "https" : "http") : form.group("scheme");
    int port = port(form, scheme, cloud);
    String path = form.group("path") == null ? "" : form.group("path").replaceAll("/+$", "");
    try {
      var url = new URI(scheme.toLowerCase(Locale.ROOT) + "://" + host + ":" + port + path);
      return url.getHost() == null || port > MAX_PORT ? Optional.empty() : Optional.of(url);
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  /* A server may listen on all addresses, but is called at one. */
  private static String host(String host) {
    if (host.isEmpty() || host.equals("0.0.0.0")) {
      return LOCAL;
    }
    String bare = host.replaceAll("[\\[\\]]", "");
    if (bare.equals("::")) {
      return "[::1]";
    }
    return bare.contains(":") ? "[" + bare + "]" : bare;
  }

  private static int port(Matcher form, String scheme, boolean cloud) {
    String port = form.group("port");
    if (port != null && !port.isEmpty()) {
      return Integer.parseInt(port);
    }
    if (form.group("scheme") == null) {
      return cloud ? HTTPS_PORT : OLLAMA_PORT;
    }
    return scheme.equalsIgnoreCase("https") ? HTTPS_PORT : HTTP_PORT;
  }

  private OllamaHost() {}
}
