package dev.kantele.runtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class FairShareTest {
  private static final int QUANTUM = 1_000;

  private record Sender(String name, int pieceBytes) {}

  private static Map<Sender, Long> send(List<Sender> senders, long totalBytes) {
    var share = new FairShare<>(QUANTUM, Sender::pieceBytes);
    var sent = new HashMap<Sender, Long>();
    for (Sender sender : senders) {
      share.add(sender);
      sent.put(sender, 0L);
    }
    long total = 0;
    while (total < totalBytes) {
      Sender sender = share.next().orElseThrow();
      sent.merge(sender, (long) sender.pieceBytes(), Long::sum);
      total += sender.pieceBytes();
    }
    return sent;
  }

  @Test
  void nobody_has_a_turn_where_nobody_sends() {
    assertThat(new FairShare<String>(QUANTUM, _ -> 1).next()).isEmpty();
  }

  @Test
  void large_pieces_get_no_more_bytes_than_small_ones() {
    assertThat(send(List.of(new Sender("small", 10), new Sender("large", 50_000)), 2_000_000))
        .allSatisfy((_, bytes) -> assertThat(bytes).isBetween(900_000L, 1_100_000L));
  }

  @Property(tries = 200)
  void all_get_the_same_but_for_one_piece_and_one_quantum(
      @ForAll @Size(min = 2, max = 8) List<@IntRange(min = 1, max = 20_000) Integer> sizes) {
    var senders = new ArrayList<Sender>();
    for (int size : sizes) {
      senders.add(new Sender("sender " + senders.size(), size));
    }

    LongSummaryStatistics sent =
        send(senders, 500_000).values().stream().mapToLong(Long::longValue).summaryStatistics();

    assertThat(sent.getMax() - sent.getMin()).isLessThanOrEqualTo(20_000 + QUANTUM);
  }

  @Test
  void who_is_alone_sends_at_once_whatever_the_size() {
    var share = new FairShare<String>(QUANTUM, _ -> 10_000_000);
    share.add("only");

    assertThat(share.next()).contains("only");
  }

  @Test
  void who_has_left_has_no_turn_any_more() {
    var share = new FairShare<String>(QUANTUM, _ -> 10);
    share.add("a");
    share.add("b");

    share.remove("a");

    assertThat(share.next()).contains("b");
    share.remove("b");
    assertThat(share.next()).isEmpty();
  }
}
