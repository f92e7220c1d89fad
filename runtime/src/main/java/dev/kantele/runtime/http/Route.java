package dev.kantele.runtime.http;

import dev.kantele.protocol.SessionId;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.Uri;

/** What a path leads to. */
sealed interface Route {
  /** {@code /v1/ws}. */
  record Socket() implements Route {}

  /** {@code /health/live}. */
  record Live() implements Route {}

  /** {@code /health/ready}. */
  record Ready() implements Route {}

  /** {@code /v1/openapi.json}. */
  record Description() implements Route {}

  /** A route of the API, for which one must be somebody. */
  sealed interface Api extends Route {}

  /** {@code /v1/sessions}. */
  record Sessions() implements Api {}

  /** {@code /v1/agents}. */
  record Agents() implements Api {}

  /** {@code /v1/models}. */
  record Models() implements Api {}

  /** {@code /v1/loops}. */
  record Loops() implements Api {}

  /** {@code /v1/sessions/{id}}. */
  record Status(SessionId session) implements Api {}

  /** {@code /v1/sessions/{id}/commands}. */
  record Commands(SessionId session) implements Api {}

  /** {@code /v1/sessions/{id}/events}. */
  record Events(SessionId session) implements Api {}

  /**
   * Where the path of {@code uri} leads; empty: nowhere.
   *
   * @throws IllegalArgumentException if it names a session that can't be
   */
  static Optional<Route> of(Uri uri) {
    List<String> path = StreamSupport.stream(uri.pathSegments().spliterator(), false).toList();
    return Optional.ofNullable(
        switch (path.size()) {
          case 2 ->
              switch (path.getFirst() + "/" + path.getLast()) {
                case "v1/ws" -> new Socket();
                case "v1/openapi.json" -> new Description();
                case "v1/sessions" -> new Sessions();
                case "v1/agents" -> new Agents();
                case "v1/models" -> new Models();
                case "v1/loops" -> new Loops();
                case "health/live" -> new Live();
                case "health/ready" -> new Ready();
                default -> null;
              };
          case 3 -> isSession(path) ? new Status(new SessionId(path.get(2))) : null;
          case 4 ->
              switch (isSession(path) ? path.getLast() : "") {
                case "commands" -> new Commands(new SessionId(path.get(2)));
                case "events" -> new Events(new SessionId(path.get(2)));
                default -> null;
              };
          default -> null;
        });
  }

  private static boolean isSession(List<String> path) {
    return path.get(0).equals("v1") && path.get(1).equals("sessions");
  }

  /** The method that is answered here; with GET, HEAD is, too. */
  default HttpMethod method() {
    return this instanceof Commands ? HttpMethods.POST : HttpMethods.GET;
  }

  /** Whether {@code method} is answered here. */
  default boolean takes(HttpMethod method) {
    return method.equals(method())
        || (method.equals(HttpMethods.HEAD) && method().equals(HttpMethods.GET));
  }
}
