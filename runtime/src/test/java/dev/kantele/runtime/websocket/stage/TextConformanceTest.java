package dev.kantele.runtime.websocket.stage;

import static dev.kantele.runtime.websocket.stage.PeerFrame.hex;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same for section 6: text is UTF-8. */
final class TextConformanceTest {
  private static final Conformance CASES = new Conformance();

  private static final int TEXT = 0x01;
  private static final int CONTINUATION = 0x00;
  private static final int FIN = 0x80;

  @AfterAll
  static void stop() {
    CASES.close();
  }

  private static String echo(String hex) {
    return EchoPeer.line(1, HexFormat.of().parseHex(hex));
  }

  private static PeerFrame[] byteByByte(String hex) {
    var frames = new ArrayList<PeerFrame>();
    for (int at = 0; at < hex.length(); at += 2) {
      frames.add(hex(at == 0 ? TEXT : CONTINUATION, hex.substring(at, at + 2)));
    }
    frames.add(hex(FIN | CONTINUATION, ""));
    return frames.toArray(PeerFrame[]::new);
  }

  @Test
  void empty_fragments_make_an_empty_text() {
    CASES.isEchoed(List.of(echo("")), hex(FIN | TEXT, ""));
    CASES.isEchoed(
        List.of(echo("")), hex(TEXT, ""), hex(CONTINUATION, ""), hex(FIN | CONTINUATION, ""));
    CASES.isEchoed(
        List.of(echo("6d6964")),
        hex(TEXT, ""),
        hex(CONTINUATION, "6d6964"),
        hex(FIN | CONTINUATION, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "48656c6c6f2dc2b540c39fc3b6c3a4c3bcc3a0c3a12d5554462d382121",
        "cebae1bdb9cf83cebcceb5",
        "00",
        "7f",
        "c280",
        "dfbf",
        "e0a080",
        "efbfbf",
        "f0908080",
        "f48fbfbf",
        "ed9fbf",
        "ee8080",
        "efbfbd",
        "efbfbe",
        "f09fbfbe",
        "f48fbfbe"
      })
  void valid_text_comes_back_however_it_is_fragmented(String hex) {
    CASES.isEchoed(List.of(echo(hex)), hex(FIN | TEXT, hex));
    CASES.isEchoed(List.of(echo(hex)), byteByByte(hex));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cebae1bdb9cf83cebcceb5eda080656469746564",
        "80",
        "bf",
        "80bf80bf",
        "c020",
        "df20",
        "e020",
        "f020",
        "f820",
        "fc20",
        "fe",
        "ff",
        "fefeffff",
        "c0af",
        "e080af",
        "f08080af",
        "f8808080af",
        "c1bf",
        "e09fbf",
        "f08fbfbf",
        "f4908080",
        "f888808080",
        "fbbfbfbfbf",
        "fc8480808080",
        "fdbfbfbfbfbf",
        "eda080",
        "edadbf",
        "edae80",
        "edafbf",
        "edb080",
        "edbfbf",
        "eda080edb080",
        "c2",
        "e1bd",
        "f09080",
        "61c2",
        "cebae1bdb9cf83cebcceb5f4"
      })
  void invalid_text_is_refused_however_it_is_fragmented(String hex) {
    CASES.isRefused(1007, List.of(), hex(FIN | TEXT, hex));
    CASES.isRefused(1007, List.of(), byteByByte(hex));
  }

  @Test
  void invalid_text_is_refused_at_once_and_not_at_the_message_s_end() {
    CASES.isRefused(
        1007, List.of(), hex(TEXT, "cebae1bdb9cf83cebcceb5"), hex(CONTINUATION, "f4908080"));
    CASES.isRefused(
        1007,
        List.of(),
        hex(TEXT, "cebae1bdb9cf83cebcceb5"),
        hex(CONTINUATION, "f4"),
        hex(CONTINUATION, "90"));
    CASES.isRefused(1007, List.of(), hex(TEXT, "cebae1bdb9cf83cebcceb5f490"));
  }
}
