package dev.kantele.runtime.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kantele.runtime.transport.ListenOptions;
import dev.kantele.runtime.transport.Listener;
import dev.kantele.runtime.transport.Transport;
import dev.kantele.runtime.websocket.deflate.DeflateSettings;
import dev.kantele.runtime.websocket.frame.Frames;
import dev.kantele.runtime.websocket.handshake.HeaderField;
import dev.kantele.runtime.websocket.handshake.ServerHandshake;
import dev.kantele.runtime.websocket.stage.StageSettings;
import dev.kantele.runtime.websocket.stage.WebSocketFlow;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * A port that speaks nothing but WebSocket, under any path: made of a transport, the WebSocket
 * stage and what reads the first request, which may also be used for themselves. It asks nobody who
 * comes, or from which page.
 */
public final class WebSocketPort {
  private static final Duration HEAD_TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_HEAD_BYTES = 16 * 1024;

  /**
   * Listens; the stage fails as {@link Transport#listen} says.
   *
   * @param compression how to compress messages if a client can; empty: not
   * @param handler called for each connection, for what makes messages of messages
   */
  public static CompletionStage<Listener> open(
      Transport transport,
      SocketAddress address,
      ListenOptions options,
      StageSettings settings,
      Optional<DeflateSettings> compression,
      Supplier<Flow<Frames, Frames, ?>> handler,
      Materializer materializer) {
    return transport.listen(
        address,
        options,
        connection -> {
          var one = new One(settings, compression, handler);
          connection.run(
              Flow.fromGraph(
                  new FirstRequest(HEAD_TIMEOUT, MAX_HEAD_BYTES, connection.handsOver(), one)),
              materializer);
          return one.over;
        });
  }

  /** A connection. */
  private static final class One implements FirstRequest.Fork {
    private final StageSettings settings;
    private final Optional<DeflateSettings> compression;
    private final Supplier<Flow<Frames, Frames, ?>> handler;
    private final CompletableFuture<Done> over = new CompletableFuture<>();
    private ServerHandshake.Refused refused =
        new ServerHandshake.Refused(400, List.of(), "The request is not in HTTP/1.1.");

    One(
        StageSettings settings,
        Optional<DeflateSettings> compression,
        Supplier<Flow<Frames, Frames, ?>> handler) {
      this.settings = settings;
      this.compression = compression;
      this.handler = handler;
    }

    @Override
    public void begun(Runnable end) {}

    @Override
    public Optional<FirstRequest.Upgraded> webSocket(byte[] head) {
      Optional<RequestHead> request = RequestHead.read(head).filter(read -> !read.mayHaveBody());
      if (request.isEmpty()) {
        return Optional.empty();
      }
      return switch (ServerHandshake.answer(
          request.get().method(), /* http11= */ true, request.get(), List.of(), compression)) {
        case ServerHandshake.Refused why -> {
          refused = why;
          yield Optional.empty();
        }
        case ServerHandshake.Accepted(var fields, _, var agreed) ->
            Optional.of(
                new FirstRequest.Upgraded(
                    WebSocketUpgrades.rendered(101, "Switching Protocols", fields),
                    WebSocketFlow.server(settings, agreed)
                        .mapMaterializedValue(closed -> closed.whenComplete((_, _) -> ended()))
                        .join(handler.get())));
      };
    }

    /** Nothing but the refusal. */
    @Override
    public Graph<FlowShape<ByteString, ByteString>, ?> http() {
      var fields = new ArrayList<>(refused.fields());
      byte[] body = (refused.reason() + "\n").getBytes(UTF_8);
      fields.add(new HeaderField("Content-Type", "text/plain; charset=UTF-8"));
      fields.add(new HeaderField("Content-Length", String.valueOf(body.length)));
      fields.add(new HeaderField("Connection", "close"));
      return Flow.fromSinkAndSource(
              Sink.<ByteString>ignore(),
              Source.single(
                  WebSocketUpgrades.rendered(refused.status(), "Refused", fields)
                      .concat(ByteString.fromArray(body))))
          .watchTermination((_, ended) -> ended.whenComplete((_, _) -> ended()));
    }

    @Override
    public void ended() {
      over.complete(Done.getInstance());
    }
  }

  private WebSocketPort() {}
}
