package dev.kantele.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.cluster.node.Node;
import dev.kantele.cluster.node.NodeConfig;
import dev.kantele.cluster.node.NodeOption;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of a client do what the pages say, with a node on a free port. */
@Timeout(60)
class RemoteTest {
  @Test
  void a_question_is_answered() {
    try (Node node =
        Node.start(
            NodeConfig.load(
                Map.of(NodeOption.PORT, "0", NodeOption.JOURNAL, "memory"),
                Optional.empty(),
                Map.of()))) {
      assertThat(Remote.ask(node.url())).contains("84");
    }
  }
}
