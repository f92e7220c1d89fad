package dev.kantele.testkit;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.WireName;
import dev.kantele.runtime.journal.JournalFaults;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.testkit.world.Messages;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a test makes go wrong, by its name. A fault strikes once, and is ordered anew for each time;
 * those of the journal stay ordered over a restart. Confined to the test's thread.
 *
 * {@snippet :
 * faults.write("tool.started").crashesAfter();
 * faults.write("turn.completed").of("s").fails();
 * faults.message("ChildAck").isDelayed(Duration.ofSeconds(3));
 * faults.kill("/stream-");
 * }
 */
public final class Faults {
  private final TestNode node;
  private final JournalFaults journal;

  Faults(TestNode node, JournalFaults journal) {
    this.node = node;
    this.journal = journal;
  }

  /**
   * The next write of a session with this event in it.
   *
   * @param event a durable event's name, as in {@code tool.started}
   * @throws IllegalArgumentException if no durable event has that name
   */
  public WriteFault write(String event) {
    if (!EventNames.durable().contains(event)) {
      throw new IllegalArgumentException(
          "event: " + event + " (expected: one of " + EventNames.durable() + ")");
    }
    return new WriteFault(node, journal, holds(event));
  }

  /** The next write of a session, whatever is in it. */
  public WriteFault write() {
    return new WriteFault(node, journal, _ -> true);
  }

  private static Predicate<JournalRecord> holds(String event) {
    return row ->
        row.content() instanceof JournalRecord.Visible(var body)
            && EventNames.of(body).equals(event);
  }

  /**
   * The next message between two actors of the node of this kind.
   *
   * @param kind the simple name of the message's class
   */
  public MessageFault message(String kind) {
    requireNonNull(kind, "kind");
    return new MessageFault(
        node, message -> message.getClass().getSimpleName().equals(kind), /* nth= */ 1);
  }

  /**
   * Has an actor fail, as by a fault of its own: the first, by name, in whose path {@code part} is
   * found. A session is at {@code /registry/NAME-}, its model calls below it at {@code /stream-},
   * its tool calls at {@code /tool-}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public void kill(String part) {
    String path =
        actors(part).stream()
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "part: "
                            + part
                            + " (expected: part of one of "
                            + node.process().messages().actors()
                            + ")"));
    node.process().messages().kill(path);
  }

  /**
   * The paths of those actors that {@link #kill} would choose from, of which it takes the first.
   */
  public List<String> actors(String part) {
    return node.process().messages().actors().stream()
        .filter(path -> path.contains(part) && !path.contains("/StreamSupervisor-"))
        .toList();
  }

  /** Takes back all faults that have not struck. */
  public void clear() {
    journal.clear();
    if (node.isUp()) {
      node.process().messages().clear();
    }
  }

  /** The faults of the journal, by operation. */
  public JournalFaults journal() {
    return journal;
  }

  /** A message that is to go wrong. */
  public static final class MessageFault {
    private final TestNode node;
    private final Predicate<Object> which;
    private final int nth;

    private MessageFault(TestNode node, Predicate<Object> which, int nth) {
      this.node = node;
      this.which = which;
      this.nth = nth;
    }

    /** Not the next one, but the {@code nth} from now. */
    public MessageFault nth(int number) {
      return new MessageFault(node, which, number);
    }

    /** It never comes. */
    public void isLost() {
      running().lose(which, nth);
    }

    /** It comes so much later; those after it overtake it. */
    public void isDelayed(Duration delay) {
      running().delay(which, nth, delay);
    }

    private Messages running() {
      node.kantele();
      return node.process().messages();
    }
  }

  /** The names of events, as the wire has them. */
  static final class EventNames {
    static String of(Object body) {
      return Optional.ofNullable(body.getClass().getAnnotation(WireName.class))
          .map(WireName::value)
          .orElse("unknown");
    }

    static List<String> durable() {
      return leaves(EventBody.Durable.class).sorted().distinct().toList();
    }

    private static Stream<String> leaves(Class<?> type) {
      if (!type.isSealed()) {
        return Optional.ofNullable(type.getAnnotation(WireName.class))
            .map(WireName::value)
            .stream();
      }
      return Stream.of(type.getPermittedSubclasses()).flatMap(EventNames::leaves);
    }

    private EventNames() {}
  }
}
