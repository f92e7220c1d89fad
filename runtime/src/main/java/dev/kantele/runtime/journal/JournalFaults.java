package dev.kantele.runtime.journal;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.log.JournalRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.Done;

/**
 * Makes the journal in memory fail on purpose, for tests. A fault strikes the {@code nth} operation
 * of its kind and persistence id that is begun after it was ordered (1: the next one), and then is
 * used up. Thread-safe.
 *
 * {@snippet :
 * JournalFaults faults = MemoryStore.of(system).faults();
 * faults.fail(Operation.WRITE, "session|s-1", 2);
 * }
 */
public final class JournalFaults {
  /** Stands for every persistence id. */
  public static final String ANY = "*";

  /** What can be made to fail. */
  public enum Operation {
    /** Writing the events of one step. */
    WRITE,
    /** Reading an actor's events when it recovers, after its snapshot; left out if it has none. */
    REPLAY,
    /** Reading a page of events, for a {@link LogReader}. */
    READ,
    /** Deleting events. */
    DELETE,
    /** Saving a snapshot. */
    SAVE_SNAPSHOT,
    /** Loading a snapshot, the first thing of a recovery. */
    LOAD_SNAPSHOT,
    /** Deleting snapshots. */
    DELETE_SNAPSHOTS
  }

  /**
   * A write that is to go wrong: the {@code nth} from now on of {@code persistenceId} with a row
   * that is {@code row}. Where a write has rows of other kinds, they are never {@code row}.
   */
  public record Write(String persistenceId, Predicate<JournalRecord> row, int nth) {
    public Write {
      requireNonNull(persistenceId, "persistenceId");
      requireNonNull(row, "row");
    }
  }

  /** The failure that was ordered. */
  public static final class InjectedFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private InjectedFault(Operation operation, String persistenceId) {
      super("injected: " + operation + " of " + persistenceId);
    }
  }

  /** An operation that waits. */
  public static final class Held {
    private final CompletableFuture<Done> reached = new CompletableFuture<>();
    private final CompletableFuture<Done> released = new CompletableFuture<>();
    private final Operation operation;
    private final String persistenceId;

    private Held(Operation operation, String persistenceId) {
      this.operation = operation;
      this.persistenceId = persistenceId;
    }

    /** Completes when the operation has come and waits. */
    public CompletionStage<Done> reached() {
      return reached.minimalCompletionStage();
    }

    /** Lets the operation go on, if need be before it comes. */
    public void release() {
      released.complete(Done.getInstance());
    }

    /** Makes the operation fail, without effect. */
    public void fail() {
      released.completeExceptionally(new InjectedFault(operation, persistenceId));
    }
  }

  private final List<Fault> faults = new ArrayList<>();

  JournalFaults() {}

  /** The nth operation fails, without effect. */
  public void fail(Operation operation, String persistenceId, int nth) {
    order(new Fault(operation, persistenceId, nth, Kind.FAIL, Optional.empty()));
  }

  /** The write fails, without effect. */
  public void fail(Write write) {
    order(new Fault(write, Kind.FAIL, Optional.empty()));
  }

  /** Every operation from now to {@link #clear()} fails, without effect. */
  public void failAll(Operation operation, String persistenceId) {
    order(new Fault(operation, persistenceId, 1, Kind.FAIL_ALL, Optional.empty()));
  }

  /** The nth operation takes effect and is reported as failed, as if the answer had been lost. */
  public void failAfterwards(Operation operation, String persistenceId, int nth) {
    order(new Fault(operation, persistenceId, nth, Kind.FAIL_AFTERWARDS, Optional.empty()));
  }

  /** The write takes effect and is reported as failed. */
  public void failAfterwards(Write write) {
    order(new Fault(write, Kind.FAIL_AFTERWARDS, Optional.empty()));
  }

  /** The nth write is rejected, as one whose events can't be serialized. */
  public void reject(String persistenceId, int nth) {
    order(new Fault(Operation.WRITE, persistenceId, nth, Kind.REJECT, Optional.empty()));
  }

  /** The write is rejected. */
  public void reject(Write write) {
    order(new Fault(write, Kind.REJECT, Optional.empty()));
  }

  /** The nth operation waits until it is released or made to fail. */
  public Held hold(Operation operation, String persistenceId, int nth) {
    Held held = new Held(operation, persistenceId);
    order(new Fault(operation, persistenceId, nth, Kind.HOLD, Optional.of(held)));
    return held;
  }

  /** The write waits until it is released or made to fail. */
  public Held hold(Write write) {
    Held held = new Held(Operation.WRITE, write.persistenceId());
    order(new Fault(write, Kind.HOLD, Optional.of(held)));
    return held;
  }

  /** Takes back every fault that has not struck. What is held stays so until it is released. */
  public synchronized void clear() {
    faults.clear();
  }

  /** How many faults were ordered and have not struck. */
  public synchronized int pending() {
    return faults.size();
  }

  /** Runs {@code action}, or fails or delays it as ordered. */
  CompletionStage<Void> around(Operation operation, String persistenceId, Runnable action) {
    return around(
            operation,
            persistenceId,
            () -> {
              action.run();
              return Done.getInstance();
            })
        .thenAccept(done -> {});
  }

  /** Runs {@code action}, or fails or delays it as ordered. */
  <T> CompletionStage<T> around(Operation operation, String persistenceId, Supplier<T> action) {
    return around(operation, persistenceId, Stream::empty, action, action);
  }

  /** As the others, for a write of {@code rows}; {@code rejection} is a rejection's result. */
  <T> CompletionStage<T> aroundWrite(
      String persistenceId,
      Supplier<Stream<JournalRecord>> rows,
      Supplier<T> action,
      Supplier<T> rejection) {
    return around(Operation.WRITE, persistenceId, rows, action, rejection);
  }

  private <T> CompletionStage<T> around(
      Operation operation,
      String persistenceId,
      Supplier<Stream<JournalRecord>> rows,
      Supplier<T> action,
      Supplier<T> rejection) {
    Optional<Fault> fault = next(operation, persistenceId, rows);
    if (fault.isEmpty()) {
      return run(action);
    }
    return switch (fault.get().kind) {
      case FAIL, FAIL_ALL ->
          CompletableFuture.failedStage(new InjectedFault(operation, persistenceId));
      case FAIL_AFTERWARDS ->
          run(action)
              .thenCompose(
                  done ->
                      CompletableFuture.failedStage(new InjectedFault(operation, persistenceId)));
      case REJECT -> run(rejection);
      case HOLD -> {
        Held held = fault.get().held.orElseThrow();
        held.reached.complete(Done.getInstance());
        yield held.released.thenCompose(released -> run(action));
      }
    };
  }

  private static <T> CompletionStage<T> run(Supplier<T> action) {
    try {
      return CompletableFuture.completedStage(action.get());
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private synchronized void order(Fault fault) {
    faults.add(fault);
  }

  /** Counts the operation for every fault that waits for it; the first one that is due strikes. */
  private synchronized Optional<Fault> next(
      Operation operation, String persistenceId, Supplier<Stream<JournalRecord>> rows) {
    Optional<Fault> due = Optional.empty();
    for (Fault fault : List.copyOf(faults)) {
      if (fault.concerns(operation, persistenceId, rows) && fault.isDue() && due.isEmpty()) {
        due = Optional.of(fault);
        if (fault.kind != Kind.FAIL_ALL) {
          faults.remove(fault);
        }
      }
    }
    return due;
  }

  private enum Kind {
    FAIL,
    FAIL_ALL,
    FAIL_AFTERWARDS,
    REJECT,
    HOLD
  }

  private static final class Fault {
    private final Operation operation;
    private final String persistenceId;
    private final Kind kind;
    private final Optional<Held> held;

    /** Which rows must be among those of a write; absent: any, or none. */
    private final Optional<Predicate<JournalRecord>> row;

    private int remaining;

    Fault(Operation operation, String persistenceId, int nth, Kind kind, Optional<Held> held) {
      this(operation, persistenceId, Optional.empty(), nth, kind, held);
    }

    Fault(Write write, Kind kind, Optional<Held> held) {
      this(
          Operation.WRITE,
          write.persistenceId(),
          Optional.of(write.row()),
          write.nth(),
          kind,
          held);
    }

    private Fault(
        Operation operation,
        String persistenceId,
        Optional<Predicate<JournalRecord>> row,
        int nth,
        Kind kind,
        Optional<Held> held) {
      if (nth < 1) {
        throw new IllegalArgumentException("nth: " + nth + " (expected: 1 or more)");
      }
      this.operation = requireNonNull(operation, "operation");
      this.persistenceId = requireNonNull(persistenceId, "persistenceId");
      this.kind = kind;
      this.held = held;
      this.row = row;
      this.remaining = nth;
    }

    boolean concerns(Operation begun, String id, Supplier<Stream<JournalRecord>> rows) {
      return operation == begun
          && (persistenceId.equals(ANY) || persistenceId.equals(id))
          && row.map(wanted -> rows.get().anyMatch(wanted)).orElse(true);
    }

    boolean isDue() {
      remaining = Math.max(0, remaining - 1);
      return remaining == 0;
    }
  }
}
