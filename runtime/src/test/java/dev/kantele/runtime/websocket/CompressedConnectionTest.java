package dev.kantele.runtime.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.runtime.websocket.deflate.Deflation;
import dev.kantele.runtime.websocket.deflate.Inflation;
import dev.kantele.runtime.websocket.frame.ClientFrames;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class CompressedConnectionTest {
  private static final ActorSystem<Void> SYSTEM = TestFront.system();
  private static final String UPGRADE =
      """
      GET /v1/ws HTTP/1.1
      Host: localhost
      Connection: Upgrade
      Upgrade: websocket
      Sec-WebSocket-Version: 13
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      """;
  private static final String OFFER =
      "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\n";
  private static final byte[] HELLO =
      "{\"type\":\"hello\",\"id\":\"h\",\"versions\":[1],\"client\":\"c\"}".getBytes(UTF_8);

  @AfterAll
  static void stop() {
    SYSTEM.terminate();
  }

  private static String inflated(Inflation inflation, byte[] message) throws DataFormatException {
    byte[] text = new byte[10_000];
    inflation.offer(message, 0, message.length);
    int bytes = inflation.inflate(text, 0, text.length);
    inflation.offerEnd();
    bytes += inflation.inflate(text, bytes, text.length - bytes);
    inflation.endMessage();
    return new String(text, 0, bytes, UTF_8);
  }

  @Test
  void both_sides_compress_where_it_is_on_and_offered() throws Exception {
    try (TestFront front = TestFront.start(SYSTEM, "websocket.compression = on");
        RawPeer peer = RawPeer.open(front.address());
        var deflation = new Deflation(6, true, 15);
        var inflation = new Inflation(true)) {
      assertThat(peer.request(UPGRADE + OFFER))
          .startsWith("HTTP/1.1 101 ")
          .contains("Sec-WebSocket-Extensions: permessage-deflate\r\n");

      int bytes = deflation.deflate(HELLO, 0, HELLO.length, /* last= */ true);
      peer.write(
          ClientFrames.with(
              0x40, ClientFrames.frame(true, 1, Arrays.copyOf(deflation.output(), bytes))));

      RawPeer.Frame welcome = peer.read();
      assertThat(welcome.isCompressed()).isTrue();
      assertThat(inflated(inflation, welcome.payload())).contains("\"type\":\"welcome\"");
      peer.write(ClientFrames.with(0x40, ClientFrames.frame(true, 1, new byte[] {7})));
      assertThat(peer.readCloseCode()).isEqualTo(1007);
    }
  }

  @Test
  void nobody_does_where_it_is_not_offered() throws IOException {
    try (TestFront front = TestFront.start(SYSTEM, "websocket.compression = on");
        RawPeer peer = RawPeer.open(front.address())) {
      assertThat(peer.request(UPGRADE)).doesNotContain("Sec-WebSocket-Extensions");
    }
  }

  @Test
  void nobody_does_unless_it_is_turned_on() throws IOException {
    try (TestFront front = TestFront.start(SYSTEM, "");
        RawPeer peer = RawPeer.open(front.address())) {
      assertThat(peer.request(UPGRADE + OFFER)).doesNotContain("Sec-WebSocket-Extensions");

      peer.write(ClientFrames.with(0x40, ClientFrames.text("x")));
      assertThat(peer.readCloseCode()).isEqualTo(1002);
    }
  }
}
