package dev.kantele.runtime.journal;

import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.journal.JournalFaults.Operation;
import dev.kantele.runtime.journal.MemoryStore.StoredEvent;
import dev.kantele.runtime.log.JournalRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.stream.javadsl.Source;

/** Reads the journal in memory. */
final class MemoryLogReader implements LogReader {
  private final MemoryStore store;
  private final Serialization serialization;

  MemoryLogReader(ActorSystem<?> system) {
    this.store = MemoryStore.of(system);
    this.serialization = SerializationExtension.get(system);
  }

  @Override
  public Source<Row, NotUsed> read(String persistenceId, long fromJournalNr, long toJournalNr) {
    return LogPages.source(
        fromJournalNr,
        toJournalNr,
        (from, to) ->
            store
                .faults()
                .around(
                    Operation.READ,
                    persistenceId,
                    () ->
                        store.read(persistenceId, from, to, LogPages.ROWS).stream()
                            .map(this::row)
                            .toList()));
  }

  private Row row(StoredEvent event) {
    return new Row(event.sequenceNr(), (JournalRecord) event.payload().read(serialization));
  }

  @Override
  public CompletionStage<List<SessionId>> sessions(Optional<SessionId> after, int limit) {
    return CompletableFuture.completedStage(list(after, limit, Optional.empty()));
  }

  @Override
  public CompletionStage<List<SessionId>> sessionsOf(
      String owner, Optional<SessionId> after, int limit) {
    return CompletableFuture.completedStage(
        list(after, limit, Optional.of(LogReader.ownerTag(owner))));
  }

  private List<SessionId> list(Optional<SessionId> after, int limit, Optional<String> tag) {
    return store
        .persistenceIds(LogPages.lowerBound(after), LogPages.SESSION_PREFIX, limit, tag)
        .stream()
        .map(LogPages::sessionOf)
        .toList();
  }
}
