package dev.kantele.cluster.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kantele.cluster.access.Received;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.cluster.access.Subscription;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.codec.WireCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A session that takes every command, and whose log goes on as the test says. */
final class FakeAccess implements SessionAccess {
  static final LogId LOG = new LogId("log-1");

  private final List<Command> commands = new ArrayList<>();
  private final Function<TurnId, List<EventBody>> log;
  private final long position;

  /**
   * A log that goes on with {@code log} after the prompt, whose turn waits for {@code position}.
   */
  FakeAccess(long position, Function<TurnId, List<EventBody>> log) {
    this.position = position;
    this.log = log;
  }

  /** The commands that came, of one kind. */
  <T extends Command> List<T> commands(Class<T> kind) {
    return commands.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Override
  public Reply submit(Command.OfSession command) {
    commands.add(command);
    AckBody body =
        switch (command) {
          case Command.SessionOpen _ -> new AckBody.Opened(/* created= */ false, LOG, 40, 3);
          case Command.Prompt prompt ->
              new AckBody.PromptAccepted(prompt.turn().orElseThrow(), position, 4);
          default -> new AckBody.Done();
        };
    return Reply.Ack.of(command.id(), body);
  }

  @Override
  public AckBody.Sessions list(int limit, Optional<String> page) {
    throw new UnsupportedOperationException("list");
  }

  @Override
  public AckBody.Models models(int limit, Optional<String> page) {
    throw new UnsupportedOperationException("models");
  }

  @Override
  public Subscription attach(SessionId session, long after, Optional<LogId> attached) {
    if (after != 40 || !attached.equals(Optional.of(LOG))) {
      throw new IllegalArgumentException("after: " + after + " of " + attached);
    }
    return new Subscription() {
      private long seq = after;
      private Iterator<EventBody> bodies = List.<EventBody>of().iterator();

      @Override
      public long lastSeqAtStart() {
        return after;
      }

      @Override
      public Received next() {
        if (seq == after) {
          bodies =
              log.apply(commands(Command.Prompt.class).getFirst().turn().orElseThrow()).iterator();
        }
        seq++;
        var event = new Event(session, Covers.of(seq), Instant.EPOCH, bodies.next());
        return new Received(event, new String(new WireCodec().encode(event), UTF_8));
      }
    };
  }

  @Override
  public void close() {}
}
