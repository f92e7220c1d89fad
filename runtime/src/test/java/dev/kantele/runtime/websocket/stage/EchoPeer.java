package dev.kantele.runtime.websocket.stage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.kantele.runtime.websocket.deflate.DeflateParameters;
import dev.kantele.runtime.websocket.deflate.DeflateSettings;
import dev.kantele.runtime.websocket.frame.ClientFrames;
import dev.kantele.runtime.websocket.frame.FrameDecoder;
import dev.kantele.runtime.websocket.frame.FrameLimits;
import dev.kantele.runtime.websocket.frame.FrameRules;
import dev.kantele.runtime.websocket.frame.Frames;
import dev.kantele.runtime.websocket.frame.Role;
import dev.kantele.runtime.websocket.handshake.ClientRequest;
import dev.kantele.runtime.websocket.handshake.HeaderField;
import dev.kantele.runtime.websocket.handshake.ServerHandshake;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Sends frames to an echo that is made of the public stage alone, as a server or as a client, and
 * reads what comes back with a decoder of the other side.
 */
final class EchoPeer {
  /** How the bytes are cut into reads. */
  enum Cut {
    ALL_AT_ONCE,
    FRAME_BY_FRAME,
    BYTE_BY_BYTE
  }

  static final int MAX_BYTES = 8 * 1024 * 1024;

  private final ActorSystem<?> system;
  private final Role role;
  private final Optional<DeflateSettings> compression;
  private final StageSettings settings;

  /** An echo in the given role. */
  EchoPeer(ActorSystem<?> system, Role role, Optional<DeflateSettings> compression) {
    this(system, role, compression, StageSettings.of(MAX_BYTES));
  }

  EchoPeer(
      ActorSystem<?> system,
      Role role,
      Optional<DeflateSettings> compression,
      StageSettings settings) {
    this.system = system;
    this.role = role;
    this.compression = compression;
    this.settings = settings;
  }

  /** What comes back: a line for each frame, and a last one that says how the stage saw the end. */
  List<String> send(Cut cut, List<PeerFrame> frames) {
    List<ByteString> reads = reads(cut, frames);
    return role == Role.SERVER ? toServer(reads) : toClient(reads);
  }

  private List<ByteString> reads(Cut cut, List<PeerFrame> frames) {
    List<byte[]> wire = frames.stream().map(frame -> frame.wire(role == Role.SERVER)).toList();
    return switch (cut) {
      case FRAME_BY_FRAME -> wire.stream().map(ByteString::fromArray).toList();
      case ALL_AT_ONCE ->
          List.of(ByteString.fromArray(ClientFrames.all(wire.toArray(byte[][]::new))));
      case BYTE_BY_BYTE -> {
        var bytes = new ArrayList<ByteString>();
        for (byte b : ClientFrames.all(wire.toArray(byte[][]::new))) {
          bytes.add(ByteString.fromArray(new byte[] {b}));
        }
        yield bytes;
      }
    };
  }

  private List<String> toServer(List<ByteString> reads) {
    Optional<DeflateParameters> agreed = compression.map(EchoPeer::parameters);
    Flow<ByteString, ByteString, CompletionStage<CloseStatus>> echo =
        WebSocketFlow.server(settings, agreed).join(Flow.<Frames>create());
    Pair<CompletionStage<CloseStatus>, CompletionStage<List<ByteString>>> running =
        Source.from(reads).viaMat(echo, Keep.right()).toMat(Sink.seq(), Keep.both()).run(system);
    return lines(agreed, get(running.second()), get(running.first()));
  }

  private List<String> toClient(List<ByteString> reads) {
    var written = new ArrayList<ByteString>();
    Optional<DeflateParameters> agreed = compression.map(EchoPeer::parameters);
    ClientRequest plain = ClientRequest.of("localhost", "/echo");
    ClientRequest request = compression.map(plain::compressing).orElse(plain);
    // Answers the request, then sends all of its bytes, and notes what comes.
    var head = new CompletableFuture<ByteString>();
    Sink<ByteString, CompletionStage<Done>> reader =
        Sink.foreach(
            bytes -> {
              if (!head.complete(bytes)) {
                written.add(bytes);
              }
            });
    Source<ByteString, NotUsed> writer =
        Source.completionStage(head.thenApply(bytes -> response(bytes.utf8String())))
            .mapMaterializedValue(_ -> NotUsed.getInstance())
            .concat(Source.from(reads));
    Pair<ClientConnection, CompletionStage<Done>> running =
        WebSocketFlow.client(settings, request, new SecureRandom())
            .reversed()
            .join(Flow.fromSinkAndSourceMat(reader, writer, Keep.left()), Keep.both())
            .joinMat(Flow.<Frames>create(), Keep.left())
            .run(system);
    CloseStatus status = get(running.first().closed());
    get(running.second());
    return lines(agreed, written, status);
  }

  /** What both sides agree on when they have the same settings. */
  static DeflateParameters parameters(DeflateSettings settings) {
    return new DeflateParameters(
        settings.serverContext(),
        settings.clientContext(),
        settings.serverWindowBits(),
        settings.clientWindowBits());
  }

  private ByteString response(String request) {
    List<String> lines = Arrays.asList(request.split("\r\n"));
    ServerHandshake answer =
        ServerHandshake.answer(
            "GET",
            true,
            name ->
                lines.stream()
                    .filter(
                        line ->
                            line.toLowerCase(Locale.ROOT)
                                .startsWith(name.toLowerCase(Locale.ROOT) + ": "))
                    .map(line -> line.substring(name.length() + 2))
                    .toList(),
            List.of(),
            compression);
    var head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
    for (HeaderField field : ((ServerHandshake.Accepted) answer).fields()) {
      head.append(field.name()).append(": ").append(field.value()).append("\r\n");
    }
    return ByteString.fromArray(head.append("\r\n").toString().getBytes(ISO_8859_1));
  }

  private List<String> lines(
      Optional<DeflateParameters> agreed, List<ByteString> written, CloseStatus status) {
    var lines = new ArrayList<String>();
    Role reader = role == Role.SERVER ? Role.CLIENT : Role.SERVER;
    try (var decoder = new FrameDecoder(FrameRules.of(reader, FrameLimits.of(MAX_BYTES)), agreed)) {
      for (ByteString bytes : written) {
        decoder.offer(bytes);
        for (Frames frames = decoder.next(); !frames.isEmpty(); frames = decoder.next()) {
          for (int i = 0; i < frames.count(); i++) {
            lines.add(line(frames.opcode(i).number(), frames.payload(i).toArray()));
          }
        }
        decoder.violation().ifPresent(violation -> lines.add(violation.toString()));
        decoder.violation().ifPresent(_ -> decoder.discard());
      }
    }
    lines.add(status.code() + (status.byPeer() ? " by the peer" : " by the echo"));
    return lines;
  }

  static String line(int opcode, byte[] payload) {
    String text = HexFormat.of().formatHex(payload);
    // Reasons are for people: a test does not look at them.
    return switch (opcode) {
      case 1 -> "text " + shortened(text);
      case 2 -> "binary " + shortened(text);
      case 8 -> "close " + (payload.length < 2 ? "" : Integer.parseInt(text, 0, 4, 16));
      default -> "pong " + text;
    };
  }

  private static String shortened(String hex) {
    return hex.length() < 400 ? hex : hex.length() / 2 + " bytes, hash " + hex.hashCode();
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
