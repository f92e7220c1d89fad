package dev.kantele.runtime.journal;

import static scala.jdk.javaapi.FutureConverters.asScala;

import dev.kantele.runtime.journal.JournalFaults.Operation;
import dev.kantele.runtime.journal.MemoryStore.StoredEvent;
import dev.kantele.runtime.log.JournalRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The journal in memory. Like the one on disk it stores bytes, so that what can't be serialized
 * fails here as well, and refuses a sequence number that is taken.
 */
public final class MemoryJournal extends AsyncWriteJournal {
  private final Serialization serialization = SerializationExtension.get(context().system());
  private final MemoryStore store = MemoryStore.of(context().system());

  /** By persistence id. A restarted actor must not read past a write that is still under way. */
  private final Map<String, CompletionStage<?>> writes = new ConcurrentHashMap<>();

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(
      Iterable<AtomicWrite> messages) {
    String persistenceId = messages.iterator().next().persistenceId();
    CompletionStage<Iterable<Optional<Exception>>> written =
        store
            .faults()
            .aroundWrite(
                persistenceId,
                () -> records(messages),
                () -> write(persistenceId, messages),
                () -> rejectAll(messages));
    writes.put(persistenceId, written);
    written.whenComplete((result, failure) -> writes.remove(persistenceId, written));
    return asScala(written);
  }

  private static Stream<JournalRecord> records(Iterable<AtomicWrite> messages) {
    return StreamSupport.stream(messages.spliterator(), /* parallel= */ false)
        .flatMap(write -> CollectionConverters.asJava(write.payload()).stream())
        .map(event -> payload(event.payload()))
        .filter(JournalRecord.class::isInstance)
        .map(JournalRecord.class::cast);
  }

  private static Object payload(Object stored) {
    return stored instanceof Tagged tagged ? tagged.payload() : stored;
  }

  private Iterable<Optional<Exception>> write(
      String persistenceId, Iterable<AtomicWrite> messages) {
    List<Optional<Exception>> results = new ArrayList<>();
    List<StoredEvent> accepted = new ArrayList<>();
    for (AtomicWrite write : messages) {
      try {
        accepted.addAll(
            CollectionConverters.asJava(write.payload()).stream().map(this::serialize).toList());
        results.add(Optional.empty());
      } catch (RuntimeException e) {
        results.add(Optional.of(e));
      }
    }
    store.append(persistenceId, accepted);
    return results;
  }

  private static Iterable<Optional<Exception>> rejectAll(Iterable<AtomicWrite> messages) {
    List<Optional<Exception>> results = new ArrayList<>();
    for (AtomicWrite write : messages) {
      results.add(
          Optional.of(new IllegalArgumentException("injected: rejected " + write.persistenceId())));
    }
    return results;
  }

  private StoredEvent serialize(PersistentRepr event) {
    boolean tagged = event.payload() instanceof Tagged;
    return new StoredEvent(
        event.sequenceNr(),
        event.writerUuid(),
        event.manifest(),
        event.timestamp(),
        Serialized.of(serialization, payload(event.payload())),
        tagged ? CollectionConverters.asJava(((Tagged) event.payload()).tags()) : Set.of());
  }

  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
    return asScala(
        store
            .faults()
            .around(
                Operation.DELETE,
                persistenceId,
                () -> store.deleteTo(persistenceId, toSequenceNr)));
  }

  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
    CompletionStage<?> write =
        writes.getOrDefault(persistenceId, CompletableFuture.completedStage(null));
    return asScala(write.handle((result, failure) -> store.highest(persistenceId)));
  }

  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId,
      long fromSequenceNr,
      long toSequenceNr,
      long max,
      Consumer<PersistentRepr> replayCallback) {
    return asScala(
        store
            .faults()
            .around(
                Operation.REPLAY,
                persistenceId,
                () ->
                    store
                        .read(persistenceId, fromSequenceNr, toSequenceNr, max)
                        .forEach(
                            event -> replayCallback.accept(deserialize(persistenceId, event)))));
  }

  private PersistentRepr deserialize(String persistenceId, StoredEvent event) {
    return PersistentRepr.apply(
            event.payload().read(serialization),
            event.sequenceNr(),
            persistenceId,
            event.adapterManifest(),
            /* deleted= */ false,
            ActorRef.noSender(),
            event.writer())
        .withTimestamp(event.timestamp());
  }
}
