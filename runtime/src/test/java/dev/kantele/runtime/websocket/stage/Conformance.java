package dev.kantele.runtime.websocket.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.runtime.websocket.deflate.DeflateSettings;
import dev.kantele.runtime.websocket.frame.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Runs cases of conformance, each in both roles and over all ways to cut it into reads. */
final class Conformance implements AutoCloseable {
  /** Above this many bytes a case is not sent byte by byte. */
  private static final int LARGE_BYTES = 20_000;

  private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "conformance");

  @Override
  public void close() {
    system.terminate();
  }

  /** All frames are echoed, and the close with 1000 that follows them is answered. */
  void isEchoed(List<String> expected, PeerFrame... frames) {
    var all = new ArrayList<>(List.of(frames));
    all.add(PeerFrame.close(1000, ""));
    var lines = new ArrayList<>(expected);
    lines.add("close 1000");
    lines.add("1000 by the peer");
    gives(Optional.empty(), lines, all);
  }

  /** What comes before is echoed, and then the echo closes with {@code code}. */
  void isRefused(int code, List<String> before, PeerFrame... frames) {
    var lines = new ArrayList<>(before);
    lines.add("close " + code);
    lines.add(code + " by the echo");
    gives(Optional.empty(), lines, List.of(frames));
  }

  void gives(Optional<DeflateSettings> compression, List<String> expected, List<PeerFrame> frames) {
    int bytes = frames.stream().mapToInt(PeerFrame::payloadBytes).sum();
    for (Role role : Role.values()) {
      for (EchoPeer.Cut cut : EchoPeer.Cut.values()) {
        if (cut != EchoPeer.Cut.BYTE_BY_BYTE || bytes <= LARGE_BYTES) {
          assertThat(new EchoPeer(system, role, compression).send(cut, frames))
              .as(role + ", " + cut)
              .isEqualTo(expected);
        }
      }
    }
  }
}
