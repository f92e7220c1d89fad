package dev.kantele.cluster.doctor;

import dev.kantele.runtime.http.HttpBindException;
import dev.kantele.runtime.http.HttpSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;

/** Whether a node could listen, or one does already. */
final class PortCheck {
  private static final String CHECK = "port";
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);

  /**
   * What was found.
   *
   * @param node whether a node answers there
   */
  record Outcome(Finding finding, boolean node) {}

  static Outcome check(HttpSettings http) throws InterruptedException {
    String where = http.port() + " on " + http.host();
    var address = new InetSocketAddress(http.host(), http.port());
    if (address.isUnresolved()) {
      return failed(http, new UnresolvedAddressException());
    }
    try (var socket = new ServerSocket()) {
      // A port on which connections have just been closed can be listened on, as a node does.
      socket.setReuseAddress(true);
      socket.bind(address);
      return new Outcome(
          Finding.ok(
              CHECK,
              http.port() == 0
                  ? "0 on %s: the node takes any that is free".formatted(http.host())
                  : where + " is free"),
          false);
    } catch (IOException e) {
      return isNode(http, address.getAddress())
          ? new Outcome(Finding.ok(CHECK, where + " is in use by a Kantele node"), true)
          : failed(http, e);
    }
  }

  private static Outcome failed(HttpSettings http, Exception cause) {
    String sentence = HttpBindException.of(http.host(), http.port(), cause).getMessage();
    return new Outcome(Finding.fail(CHECK, String.valueOf(sentence)), false);
  }

  private static boolean isNode(HttpSettings http, InetAddress address)
      throws InterruptedException {
    InetAddress asked = address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
    String host = asked.getHostAddress();
    URI url =
        URI.create(
            "%s://%s:%d/health/live"
                .formatted(
                    http.tls().isPresent() ? "https" : "http",
                    host.contains(":") ? "[" + host + "]" : host,
                    http.port()));
    try (var client = HttpClient.newBuilder().connectTimeout(ANSWER_LIMIT).build()) {
      var request = HttpRequest.newBuilder(url).timeout(ANSWER_LIMIT).build();
      var response = client.send(request, BodyHandlers.discarding());
      return response.headers().firstValue("Server").filter("kantele"::equals).isPresent();
    } catch (IOException _) {
      // Whoever it is does not speak as a node does.
      return false;
    }
  }

  private PortCheck() {}
}
