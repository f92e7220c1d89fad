package dev.kantele.protocol.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.sequence.CommandNumbers.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The numbering rule against a list of all that was ever acked. */
class CommandNumbersProperties {
  private final List<Reply.Ack> acked = new ArrayList<>();
  private CommandNumbers numbers = CommandNumbers.START;

  @Property(tries = 200)
  void every_verdict_is_that_of_the_whole_history(@ForAll Random random) {
    acked.clear();
    numbers = CommandNumbers.START;
    int commands = random.nextInt(600);
    for (int i = 0; i < commands; i++) {
      var id = new CommandId("c" + random.nextInt(1, commands * 2));
      OptionalLong seq =
          random.nextInt(4) == 0
              ? OptionalLong.empty()
              : OptionalLong.of(Math.max(1, acked.size() + random.nextInt(-2, 3)));
      Verdict verdict = numbers.decide(seq, id);
      assertThat(verdict).isEqualTo(expected(seq, id));
      if (verdict instanceof Verdict.Take && random.nextInt(5) > 0) {
        ack(Reply.Ack.of(id, new AckBody.ToolsRegistered(i, acked.size() + 2)));
      }
      assertThat(numbers.next()).isEqualTo(acked.size() + 1);
    }
  }

  private void ack(Reply.Ack reply) {
    numbers = numbers.acked(reply);
    acked.add(reply);
  }

  private Verdict expected(OptionalLong seq, CommandId id) {
    for (int i = Math.max(0, acked.size() - 256); i < acked.size(); i++) {
      Reply.Ack reply = acked.get(i);
      if (reply.re().equals(id)) {
        return new Verdict.Repeat(new Reply.Ack(id, true, reply.body()));
      }
    }
    int next = acked.size() + 1;
    if (seq.isEmpty() || seq.getAsLong() == next) {
      return new Verdict.Take();
    }
    return seq.getAsLong() < next ? new Verdict.DuplicateSequence(next) : new Verdict.Gap(next);
  }
}
