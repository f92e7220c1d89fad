package dev.kantele.runtime.websocket.stage;

import dev.kantele.runtime.transport.Loan;
import dev.kantele.runtime.websocket.deflate.DeflateParameters;
import dev.kantele.runtime.websocket.frame.FrameDecoder;
import dev.kantele.runtime.websocket.frame.FrameEncoder;
import dev.kantele.runtime.websocket.frame.FrameRules;
import dev.kantele.runtime.websocket.frame.Frames;
import dev.kantele.runtime.websocket.frame.MaskingKeys;
import dev.kantele.runtime.websocket.frame.Role;
import dev.kantele.runtime.websocket.handshake.ClientHandshake;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** See {@link WebSocketFlow}. */
final class WebSocketStage
    extends AbstractGraphStageWithMaterializedValue<
        BidiShape<ByteString, Frames, Frames, ByteString>, ClientConnection> {
  final Inlet<ByteString> bytesIn = Inlet.create("websocket.bytesIn");
  final Outlet<Frames> framesOut = Outlet.create("websocket.framesOut");
  final Inlet<Frames> framesIn = Inlet.create("websocket.framesIn");
  final Outlet<ByteString> bytesOut = Outlet.create("websocket.bytesOut");

  final StageSettings settings;
  private final Optional<DeflateParameters> agreed;
  private final @Nullable Supplier<ClientHandshake> handshakes;
  private final @Nullable SecureRandom random;

  /** A server's stage, or, with handshakes and a source of randomness, a client's. */
  WebSocketStage(
      StageSettings settings,
      Optional<DeflateParameters> agreed,
      @Nullable Supplier<ClientHandshake> handshakes,
      @Nullable SecureRandom random) {
    this.settings = settings;
    this.agreed = agreed;
    this.handshakes = handshakes;
    this.random = random;
  }

  @Override
  public BidiShape<ByteString, Frames, Frames, ByteString> shape() {
    return new BidiShape<>(bytesIn, framesOut, framesIn, bytesOut);
  }

  @Override
  public Pair<GraphStageLogic, ClientConnection> createLogicAndMaterializedValuePair(
      Attributes inheritedAttributes) {
    Loan loan = inheritedAttributes.getAttribute(Loan.class).orElse(null);
    if (loan != null) {
      loan.accept();
    }
    WebSocketLogic logic =
        handshakes == null
            ? new WebSocketLogic(this, Role.SERVER, null, loan)
            : new WebSocketLogic(this, Role.CLIENT, handshakes.get(), null);
    if (handshakes == null) {
      logic.begin(agreed);
    }
    return Pair.create(logic, logic.connection());
  }

  FrameDecoder decoder(Role role, Optional<DeflateParameters> compression) {
    FrameRules rules = FrameRules.of(role, settings.limits());
    return new FrameDecoder(settings.inPieces() ? rules.inPieces() : rules, compression);
  }

  FrameEncoder encoder(Optional<DeflateParameters> compression) {
    if (random == null) {
      return compression
          .map(parameters -> FrameEncoder.server(parameters, settings.compression()))
          .orElseGet(FrameEncoder::server);
    }
    var keys = new MaskingKeys(random);
    return compression
        .map(parameters -> FrameEncoder.client(keys, parameters, settings.compression()))
        .orElseGet(() -> FrameEncoder.client(keys));
  }
}
