package dev.kantele.cluster.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.PendingRequest;
import dev.kantele.protocol.TurnId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotPendingTest {
  private static PendingRequest request(String kind, Optional<InvocationId> call) {
    return new PendingRequest(
        kind,
        new TurnId("t-1"),
        call,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void a_call_without_a_name_is_a_tool() {
    var call = new InvocationId("i1");
    assertThat(SnapshotPending.of(request("approval", Optional.of(call))))
        .contains(new Pending.Approval(new TurnId("t-1"), call, "a tool", Optional.empty()));
  }

  @Test
  void what_is_not_whole_or_not_known_is_left_out() {
    assertThat(SnapshotPending.of(request("approval", Optional.empty()))).isEmpty();
    assertThat(SnapshotPending.of(request("input", Optional.empty()))).isEmpty();
    assertThat(SnapshotPending.of(request("payment", Optional.of(new InvocationId("i1")))))
        .isEmpty();
  }
}
