package dev.kantele.runtime.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.setup.Setup;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;

/**
 * What the journal in memory holds. Each actor system has its own, unless it is given another's
 * {@link #setup()}: then it starts with what that one left, as after a crash.
 *
 * <p>Thread-safe: the journal's actors and the readers' streams share it.
 */
public final class MemoryStore implements Extension {
  private final NavigableMap<String, Log> logs = new TreeMap<>();
  private final JournalFaults faults = new JournalFaults();

  /** Creates an empty one. */
  public MemoryStore() {}

  /** The store of {@code system}. */
  public static MemoryStore of(org.apache.pekko.actor.typed.ActorSystem<?> system) {
    return of(system.classicSystem());
  }

  static MemoryStore of(ActorSystem system) {
    return Id.INSTANCE.get(system);
  }

  /** The faults of this store. */
  public JournalFaults faults() {
    return faults;
  }

  /** Makes an actor system that is created with it use this store. */
  public Setup setup() {
    return new StoreSetup(this);
  }

  /**
   * Appends all or, if a sequence number is taken, nothing.
   *
   * @throws IllegalStateException if a number is taken
   */
  synchronized void append(String persistenceId, List<StoredEvent> events) {
    NavigableMap<Long, StoredEvent> stored = log(persistenceId).events;
    for (StoredEvent event : events) {
      if (stored.containsKey(event.sequenceNr())) {
        throw new IllegalStateException(
            "sequence number " + event.sequenceNr() + " of " + persistenceId + " is taken");
      }
    }
    for (StoredEvent event : events) {
      stored.put(event.sequenceNr(), event);
      log(persistenceId).highest = Math.max(log(persistenceId).highest, event.sequenceNr());
    }
  }

  /** The highest number ever stored, deleted or not; 0 if none. */
  synchronized long highest(String persistenceId) {
    Log log = logs.get(persistenceId);
    return log == null ? 0 : log.highest;
  }

  /** At most {@code max} events from {@code from} to {@code to}, both included, in order. */
  synchronized List<StoredEvent> read(String persistenceId, long from, long to, long max) {
    Log log = logs.get(persistenceId);
    if (log == null || from > to) {
      return List.of();
    }
    return log.events.subMap(from, true, to, true).values().stream().limit(max).toList();
  }

  synchronized void deleteTo(String persistenceId, long to) {
    Log log = logs.get(persistenceId);
    if (log != null) {
      log.events.headMap(to, true).clear();
    }
  }

  synchronized void save(String persistenceId, StoredSnapshot snapshot) {
    log(persistenceId).snapshots.put(snapshot.sequenceNr(), snapshot);
  }

  /** The newest snapshot that {@code criteria} allow. */
  synchronized Optional<StoredSnapshot> load(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    Log log = logs.get(persistenceId);
    return log == null
        ? Optional.empty()
        : log.snapshots.descendingMap().values().stream()
            .filter(snapshot -> snapshot.isWithin(criteria))
            .findFirst();
  }

  synchronized void deleteSnapshots(String persistenceId, SnapshotSelectionCriteria criteria) {
    Log log = logs.get(persistenceId);
    if (log != null) {
      log.snapshots.values().removeIf(snapshot -> snapshot.isWithin(criteria));
    }
  }

  /**
   * Ids after {@code after}, in order, that have an event or a snapshot; with {@code tag}, an event
   * that bears it.
   */
  synchronized List<String> persistenceIds(
      String after, String prefix, int limit, Optional<String> tag) {
    List<String> found = new ArrayList<>();
    for (var entry : logs.tailMap(after, false).entrySet()) {
      if (!entry.getKey().startsWith(prefix) || found.size() == limit) {
        break;
      }
      if (tag.map(entry.getValue()::bears).orElseGet(entry.getValue()::isThere)) {
        found.add(entry.getKey());
      }
    }
    return found;
  }

  private Log log(String persistenceId) {
    return logs.computeIfAbsent(persistenceId, id -> new Log());
  }

  record StoredEvent(
      long sequenceNr,
      String writer,
      String adapterManifest,
      long timestamp,
      Serialized payload,
      Set<String> tags) {
    StoredEvent {
      tags = Set.copyOf(tags);
    }
  }

  record StoredSnapshot(long sequenceNr, long timestamp, Serialized payload) {
    boolean isWithin(SnapshotSelectionCriteria criteria) {
      return sequenceNr >= criteria.minSequenceNr()
          && sequenceNr <= criteria.maxSequenceNr()
          && timestamp >= criteria.minTimestamp()
          && timestamp <= criteria.maxTimestamp();
    }
  }

  private static final class Log {
    private final NavigableMap<Long, StoredEvent> events = new TreeMap<>();
    private final NavigableMap<Long, StoredSnapshot> snapshots = new TreeMap<>();
    private long highest;

    private boolean isThere() {
      return !events.isEmpty() || !snapshots.isEmpty();
    }

    private boolean bears(String tag) {
      return events.values().stream().anyMatch(event -> event.tags().contains(tag));
    }
  }

  private static final class StoreSetup extends Setup {
    private final MemoryStore store;

    StoreSetup(MemoryStore store) {
      this.store = store;
    }
  }

  private static final class Id extends AbstractExtensionId<MemoryStore> {
    private static final Id INSTANCE = new Id();

    @Override
    public MemoryStore createExtension(ExtendedActorSystem system) {
      return system
          .settings()
          .setup()
          .get(StoreSetup.class)
          .map(setup -> setup.store)
          .orElseGet(MemoryStore::new);
    }
  }
}
