package dev.kantele.runtime.journal;

import static scala.jdk.javaapi.FutureConverters.asScala;

import dev.kantele.runtime.journal.JournalFaults.Operation;
import dev.kantele.runtime.journal.MemoryStore.StoredSnapshot;
import java.util.Optional;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import scala.concurrent.Future;

/** The snapshots of the journal in memory, as bytes. */
public final class MemorySnapshots extends SnapshotStore {
  private final Serialization serialization = SerializationExtension.get(context().system());
  private final MemoryStore store = MemoryStore.of(context().system());

  @Override
  public Future<Optional<SelectedSnapshot>> doLoadAsync(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    return asScala(
        store
            .faults()
            .around(
                Operation.LOAD_SNAPSHOT,
                persistenceId,
                () ->
                    store
                        .load(persistenceId, criteria)
                        .map(snapshot -> deserialize(persistenceId, snapshot))));
  }

  private SelectedSnapshot deserialize(String persistenceId, StoredSnapshot snapshot) {
    return SelectedSnapshot.create(
        new SnapshotMetadata(persistenceId, snapshot.sequenceNr(), snapshot.timestamp()),
        snapshot.payload().read(serialization));
  }

  @Override
  public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
    return asScala(
        store
            .faults()
            .around(
                Operation.SAVE_SNAPSHOT,
                metadata.persistenceId(),
                () ->
                    store.save(
                        metadata.persistenceId(),
                        new StoredSnapshot(
                            metadata.sequenceNr(),
                            metadata.timestamp(),
                            Serialized.of(serialization, snapshot)))));
  }

  @Override
  public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
    long sequenceNr = metadata.sequenceNr();
    return doDeleteAsync(
        metadata.persistenceId(),
        SnapshotSelectionCriteria.create(sequenceNr, Long.MAX_VALUE, sequenceNr, 0));
  }

  @Override
  public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
    return asScala(
        store
            .faults()
            .around(
                Operation.DELETE_SNAPSHOTS,
                persistenceId,
                () -> store.deleteSnapshots(persistenceId, criteria)));
  }
}
