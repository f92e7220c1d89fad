package dev.kantele.runtime.journal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.persistence.jdbc.config.JournalConfig;
import org.apache.pekko.persistence.jdbc.journal.dao.DefaultJournalDao;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables.JournalPekkoSerializationRow;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.stream.Materializer;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.collection.immutable.Set;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;
import slick.jdbc.JdbcBackend.JdbcDatabaseDef;
import slick.jdbc.JdbcProfile;

/**
 * Writes the journal's rows like the plugin does, those of many persistent actors in one
 * transaction, but makes each pay for its own conflict only.
 *
 * <p>A conflict is a sequence number that is taken: a second writer of the same session, as on a
 * node that has been replaced but does not know it yet. The plugin then fails the transaction and
 * with it everybody whose rows happen to be in it; ten of them open the journal's circuit breaker,
 * which by default refuses all writes and recoveries for half a minute. Here the batch, which is
 * rolled back, is written once more writer by writer, one transaction after the other, and only
 * those that fail again are told.
 *
 * <p>Other failures, such as a full disk, fail the batch: they would fail each of its parts as
 * well.
 */
public class SeparatingJournalDao extends DefaultJournalDao {
  /** Called by the plugin, with these parameters. */
  public SeparatingJournalDao(
      JdbcDatabaseDef database,
      JdbcProfile profile,
      JournalConfig config,
      Serialization serialization,
      ExecutionContext executor,
      Materializer materializer) {
    super(database, profile, config, serialization, executor, materializer);
  }

  /** Puts the rows of one write into the next batch. */
  @Override
  public Future<BoxedUnit> queueWriteJournalRows(
      Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> rows) {
    return super.queueWriteJournalRows(rows)
        .transformWith(
            result ->
                result.isFailure() && result.failed().get() instanceof PartlyWritten partly
                    ? partly.resultOf(rows)
                    : Future.fromTry(result),
            ec());
  }

  /** Writes a batch, one after another: there is one writer ({@code parallelism = 1}). */
  @Override
  public Future<BoxedUnit> writeJournalRows(
      Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> batch) {
    return super.writeJournalRows(batch)
        .transformWith(
            result ->
                result.isFailure() && isConflict(result.failed().get())
                    ? writeSeparately(batch)
                    : Future.fromTry(result),
            ec());
  }

  private Future<BoxedUnit> writeSeparately(
      Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> batch) {
    Map<Writer, List<Tuple2<JournalPekkoSerializationRow, Set<String>>>> byWriter =
        new LinkedHashMap<>();
    for (var row : CollectionConverters.asJava(batch)) {
      byWriter.computeIfAbsent(Writer.of(row), writer -> new ArrayList<>()).add(row);
    }
    return writeNext(byWriter.entrySet().iterator(), new HashMap<>());
  }

  private Future<BoxedUnit> writeNext(
      Iterator<Map.Entry<Writer, List<Tuple2<JournalPekkoSerializationRow, Set<String>>>>> rest,
      Map<Writer, Throwable> failures) {
    if (!rest.hasNext()) {
      return failures.isEmpty()
          ? Future.successful(BoxedUnit.UNIT)
          : Futures.failed(new PartlyWritten(failures));
    }
    var next = rest.next();
    return super.writeJournalRows(CollectionConverters.asScala(next.getValue()).toList())
        .transformWith(
            result -> {
              if (result.isFailure()) {
                failures.put(next.getKey(), result.failed().get());
              }
              return writeNext(rest, failures);
            },
            ec());
  }

  private static boolean isConflict(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLiteException sqlite) {
        // An extended code, such as SQLITE_CONSTRAINT_UNIQUE, has the plain one in its low byte.
        return (sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
      }
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        // Class 23 is "integrity constraint violation" (ISO/IEC 9075).
        return sql.getSQLState().startsWith("23");
      }
    }
    return false;
  }

  /** One incarnation of a persistent actor. */
  private record Writer(String persistenceId, String incarnation) {
    static Writer of(Tuple2<JournalPekkoSerializationRow, Set<String>> row) {
      return new Writer(row._1().persistenceId(), row._1().writer());
    }
  }

  /** A batch of which all but some writers' rows are stored. */
  private static final class PartlyWritten extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Map<Writer, Throwable> failures;

    PartlyWritten(Map<Writer, Throwable> failures) {
      super("not written: " + failures.keySet());
      this.failures = failures;
    }

    Future<BoxedUnit> resultOf(Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> rows) {
      if (rows.isEmpty()) {
        return Future.successful(BoxedUnit.UNIT);
      }
      Throwable failure = failures.get(Writer.of(rows.head()));
      return failure == null ? Future.successful(BoxedUnit.UNIT) : Futures.failed(failure);
    }
  }
}
