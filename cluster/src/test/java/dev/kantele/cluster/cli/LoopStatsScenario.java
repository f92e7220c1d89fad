package dev.kantele.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kantele.cluster.NodeProcess;
import dev.kantele.runtime.transport.NativeTcp;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code loop-stats} and a node, each a process of its own. */
@Timeout(180)
class LoopStatsScenario {
  @TempDir private Path folder;

  private static NodeProcess.Exit ask(NodeProcess node, String... more) {
    var launch = NodeProcess.Launch.of(more).with("KANTELE_URL", node.url());
    return NodeProcess.run(launch);
  }

  @Test
  void a_node_shows_its_loops() {
    assumeThat(NativeTcp.obstacle()).isEmpty();
    try (NodeProcess node = NodeProcess.serve(folder.resolve("data"), "--transport", "native")) {
      NodeProcess.Exit exit = ask(node, "loop-stats");

      assertThat(exit.err()).isEmpty();
      assertThat(exit.code()).isZero();
      assertThat(exit.out())
          .startsWith("kantele.poller-dispatcher  running, up 0:0")
          .contains("\n  task wait  ", "faults 0, wakeups_by_cap_with_work 0\n")
          .doesNotContain("\u001b");
    }
  }

  @Test
  void a_node_on_the_portable_transport_has_none() {
    try (NodeProcess node = NodeProcess.serve(folder.resolve("data"), "--transport", "portable")) {
      assertThat(ask(node, "loop-stats").out()).startsWith("This node has no poll loops");
    }
  }
}
