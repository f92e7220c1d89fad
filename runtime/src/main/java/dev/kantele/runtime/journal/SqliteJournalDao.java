package dev.kantele.runtime.journal;

import dev.kantele.runtime.journal.WriteTurns.Kind;
import org.apache.pekko.persistence.jdbc.config.JournalConfig;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables.JournalPekkoSerializationRow;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.stream.Materializer;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.collection.immutable.Set;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;
import slick.jdbc.JdbcBackend.JdbcDatabaseDef;
import slick.jdbc.JdbcProfile;

/** The journal's access to the SQLite file, which writes by {@link WriteTurns}. */
public final class SqliteJournalDao extends SeparatingJournalDao {
  private final WriteTurns turns;

  /** Called by the plugin, with these parameters. */
  public SqliteJournalDao(
      JdbcDatabaseDef database,
      JdbcProfile profile,
      JournalConfig config,
      Serialization serialization,
      ExecutionContext executor,
      Materializer materializer) {
    super(database, profile, config, serialization, executor, materializer);
    this.turns = WriteTurns.of(materializer.system());
  }

  @Override
  public Future<BoxedUnit> writeJournalRows(
      Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> batch) {
    return turns.write(Kind.EVENTS, () -> super.writeJournalRows(batch), ec());
  }

  @Override
  public Future<BoxedUnit> delete(String persistenceId, long maxSequenceNr) {
    return turns.write(Kind.DELETION, () -> super.delete(persistenceId, maxSequenceNr), ec());
  }
}
