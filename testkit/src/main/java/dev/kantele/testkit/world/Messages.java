package dev.kantele.testkit.world;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.dispatch.Envelope;

/**
 * The messages between the actors of one process, and who gets them: a test can have single ones
 * lost or come late, and kill an actor. Confined to the world's thread.
 */
public final class Messages {
  private final SimulatedProcess process;
  private final List<Fault> faults = new ArrayList<>();
  private final Map<String, ActorRef> actors = new TreeMap<>();

  /** What no actor understands. */
  private record Unintelligible() {}

  /** Without a delay the message is lost. */
  private static final class Fault {
    private final Predicate<Object> which;
    private final Optional<Duration> delay;
    private int remaining;

    Fault(Predicate<Object> which, int nth, Optional<Duration> delay) {
      if (nth < 1) {
        throw new IllegalArgumentException("nth: " + nth + " (expected: 1 or more)");
      }
      this.which = requireNonNull(which, "which");
      this.delay = delay;
      this.remaining = nth;
    }
  }

  Messages(SimulatedProcess process) {
    this.process = process;
  }

  /** The nth message from now on that is {@code which} is lost. */
  public void lose(Predicate<Object> which, int nth) {
    faults.add(new Fault(which, nth, Optional.empty()));
  }

  /** The nth message from now on that is {@code which} comes {@code delay} later. */
  public void delay(Predicate<Object> which, int nth, Duration delay) {
    faults.add(new Fault(which, nth, Optional.of(delay)));
  }

  /** Takes back all faults that have not struck. */
  public void clear() {
    faults.clear();
  }

  /** The paths of the actors that live, in order. */
  public List<String> actors() {
    return List.copyOf(actors.keySet());
  }

  /**
   * Has the actor at {@code path} fail, as by a fault of its own: it gets a message that it can't
   * take.
   *
   * @throws IllegalArgumentException if there is none
   */
  public void kill(String path) {
    ActorRef actor = actors.get(path);
    if (actor == null) {
      throw new IllegalArgumentException("path: " + path + " (expected: one of " + actors() + ")");
    }
    actor.tell(new Unintelligible(), ActorRef.noSender());
  }

  void lives(String path, ActorRef actor) {
    actors.put(path, actor);
  }

  void died(String path, ActorRef actor) {
    actors.remove(path, actor);
  }

  boolean mayPass(String path, ActorRef receiver, Envelope letter) {
    if (faults.isEmpty()) {
      return true;
    }
    Optional<Fault> due = due(letter.message());
    if (due.isEmpty()) {
      return true;
    }
    faults.remove(due.get());
    due.get()
        .delay
        .ifPresent(
            delay -> process.timer(delay, () -> receiver.tell(letter.message(), letter.sender())));
    return false;
  }

  private Optional<Fault> due(Object message) {
    Optional<Fault> due = Optional.empty();
    for (Fault fault : faults) {
      if (fault.which.test(message) && --fault.remaining == 0 && due.isEmpty()) {
        due = Optional.of(fault);
      }
    }
    return due;
  }
}
