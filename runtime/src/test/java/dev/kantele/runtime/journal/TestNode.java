package dev.kantele.runtime.journal;

import static dev.kantele.runtime.journal.Rows.rows;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.kantele.runtime.log.JournalRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Sink;

/** An actor system with a journal. */
final class TestNode implements AutoCloseable {
  private static final Config TYPES =
      ConfigFactory.parseString(
          """
          kantele.serialization.types.test = "dev.kantele.runtime.journal.RecorderTypes"
          pekko.actor.serialization-bindings {
            "dev.kantele.runtime.journal.Recorder$Recorded" = kantele
          }
          pekko.coordinated-shutdown.run-by-actor-system-terminate = off
          # How long to wait for what must come, on a machine with other things to do.
          pekko.actor.testkit.typed.default-timeout = 20s
          pekko.actor.testkit.typed.single-expect-default = 20s
          """);

  private final Optional<DataFolder> folder;
  private final ActorTestKit kit;
  private final LogReader reader;

  private TestNode(Config journal, ActorSystemSetup setup, Optional<DataFolder> folder) {
    this.folder = folder;
    Config config = journal.withFallback(TYPES).withFallback(ConfigFactory.load());
    this.kit =
        ActorTestKit.create(
            ActorSystem.create(
                Behaviors.empty(), "node", setup.withSetup(BootstrapSetup.create(config))));
    this.reader = LogReader.of(kit.system());
  }

  static TestNode memory(MemoryStore store) {
    return memory(store, ConfigFactory.empty());
  }

  /** On what is in {@code store}, with {@code changes} to its settings. */
  static TestNode memory(MemoryStore store, Config changes) {
    return new TestNode(
        changes.withFallback(JournalConfig.memory()),
        ActorSystemSetup.create(store.setup()),
        Optional.empty());
  }

  static TestNode sqlite(Path data) {
    return sqlite(data, ConfigFactory.empty());
  }

  /** On the file in {@code data}, with {@code changes} to its settings. */
  static TestNode sqlite(Path data, Config changes) {
    DataFolder folder = DataFolder.open(data);
    return new TestNode(
        changes.withFallback(JournalConfig.sqlite(folder)),
        ActorSystemSetup.empty(),
        Optional.of(folder));
  }

  ActorTestKit kit() {
    return kit;
  }

  ActorSystem<?> system() {
    return kit.system();
  }

  LogReader reader() {
    return reader;
  }

  LogPruner pruner() {
    return LogPruner.of(kit.system());
  }

  ActorRef<Recorder.Command> recorder(String persistenceId) {
    return kit.spawn(Recorder.create(persistenceId));
  }

  ActorRef<Recorder.Command> recorder(String persistenceId, long snapshotEvery) {
    return kit.spawn(Recorder.create(persistenceId, snapshotEvery));
  }

  /** Writes and waits until it is confirmed. */
  Recorder.Written write(ActorRef<Recorder.Command> recorder, JournalRecord... rows) {
    TestProbe<Recorder.Written> probe = kit.createTestProbe();
    recorder.tell(new Recorder.Write(List.of(rows), probe.ref()));
    return probe.receiveMessage();
  }

  Recorder.Written writeAll(ActorRef<Recorder.Command> recorder, long from, long to) {
    return write(recorder, rows(from, to).toArray(JournalRecord[]::new));
  }

  List<Long> recorded(ActorRef<Recorder.Command> recorder) {
    TestProbe<Recorder.Recorded> probe = kit.createTestProbe();
    recorder.tell(new Recorder.Read(probe.ref()));
    return probe.receiveMessage().seqs();
  }

  void stop(ActorRef<Recorder.Command> recorder) {
    recorder.tell(new Recorder.Stop());
    kit.<Object>createTestProbe().expectTerminated(recorder, Duration.ofSeconds(20));
  }

  List<LogReader.Row> read(String persistenceId, long from, long to) {
    return join(reader.read(persistenceId, from, to).runWith(Sink.seq(), kit.system()));
  }

  List<Long> journalNrs(String persistenceId) {
    return read(persistenceId, 1, Long.MAX_VALUE).stream().map(LogReader.Row::journalNr).toList();
  }

  static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    kit.system().terminate();
    join(kit.system().getWhenTerminated());
    folder.ifPresent(DataFolder::close);
  }
}
