package dev.kantele.runtime.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.codec.WireCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client of server-sent events, as simple as can be; it remembers the last id that it saw. */
final class EventStream implements AutoCloseable {
  /** The media type of an event stream. */
  private static final String TYPE = "text/event-stream";

  private static final WireCodec CODEC = new WireCodec();

  private final BufferedReader lines;
  private String lastId = "";

  private EventStream(BufferedReader lines) {
    this.lines = lines;
  }

  /** Opens a stream that must be granted. */
  static EventStream open(HttpClient http, HttpRequest.Builder request) throws Exception {
    HttpResponse<InputStream> response =
        http.send(request.header("Accept", TYPE).build(), BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type").orElse("")).startsWith(TYPE);
    assertThat(response.headers().firstValue("cache-control")).contains("no-store");
    return new EventStream(new BufferedReader(new InputStreamReader(response.body(), UTF_8)));
  }

  /** The next event; empty when the stream has ended. */
  Optional<Event> next() throws IOException {
    @Nullable String data = null;
    @Nullable String id = null;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("data: ")) {
        data = line.substring(6);
      } else if (line.isEmpty() && data != null) {
        lastId = id == null ? lastId : id;
        return Optional.of(CODEC.decodeEvent(data.getBytes(UTF_8)));
      } else {
        assertThat(line).matches("|:.*");
      }
    }
    return Optional.empty();
  }

  /** What a browser sends as {@code Last-Event-ID}. */
  String lastId() {
    return lastId;
  }

  /** Waits for a comment; nothing else may come before it. */
  void awaitComment() throws IOException {
    String line = lines.readLine();
    while (line != null && line.isEmpty()) {
      line = lines.readLine();
    }
    assertThat(line).startsWith(":");
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
