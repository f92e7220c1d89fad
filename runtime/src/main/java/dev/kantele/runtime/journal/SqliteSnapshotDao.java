package dev.kantele.runtime.journal;

import dev.kantele.runtime.journal.WriteTurns.Kind;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.jdbc.config.SnapshotConfig;
import org.apache.pekko.persistence.jdbc.snapshot.dao.DefaultSnapshotDao;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.stream.Materializer;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;
import slick.jdbc.JdbcBackend.JdbcDatabaseDef;
import slick.jdbc.JdbcProfile;

/** The snapshot store's access to the SQLite file, which writes by {@link WriteTurns}. */
public final class SqliteSnapshotDao extends DefaultSnapshotDao {
  private final ExecutionContext executor;
  private final WriteTurns turns;

  /** Called by the plugin, with these parameters. */
  public SqliteSnapshotDao(
      JdbcDatabaseDef database,
      JdbcProfile profile,
      SnapshotConfig config,
      Serialization serialization,
      ExecutionContext executor,
      Materializer materializer) {
    super(database, profile, config, serialization, executor, materializer);
    this.executor = executor;
    this.turns = WriteTurns.of(materializer.system());
  }

  @Override
  public Future<BoxedUnit> save(SnapshotMetadata metadata, Object snapshot) {
    return turns.write(Kind.SNAPSHOT, () -> super.save(metadata, snapshot), executor);
  }

  @Override
  public Future<BoxedUnit> delete(String persistenceId, long sequenceNr) {
    return turns.write(Kind.DELETION, () -> super.delete(persistenceId, sequenceNr), executor);
  }

  @Override
  public Future<BoxedUnit> deleteAllSnapshots(String persistenceId) {
    return turns.write(Kind.DELETION, () -> super.deleteAllSnapshots(persistenceId), executor);
  }

  @Override
  public Future<BoxedUnit> deleteUpToMaxSequenceNr(String persistenceId, long maxSequenceNr) {
    return turns.write(
        Kind.DELETION, () -> super.deleteUpToMaxSequenceNr(persistenceId, maxSequenceNr), executor);
  }

  @Override
  public Future<BoxedUnit> deleteUpToMaxTimestamp(String persistenceId, long maxTimestamp) {
    return turns.write(
        Kind.DELETION, () -> super.deleteUpToMaxTimestamp(persistenceId, maxTimestamp), executor);
  }

  @Override
  public Future<BoxedUnit> deleteUpToMaxSequenceNrAndMaxTimestamp(
      String persistenceId, long maxSequenceNr, long maxTimestamp) {
    return turns.write(
        Kind.DELETION,
        () ->
            super.deleteUpToMaxSequenceNrAndMaxTimestamp(
                persistenceId, maxSequenceNr, maxTimestamp),
        executor);
  }
}
