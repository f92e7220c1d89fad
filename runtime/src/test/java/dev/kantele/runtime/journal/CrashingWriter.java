package dev.kantele.runtime.journal;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A process that writes rows to the data folder in {@code args[0]} until it is killed, and prints
 * "stored ID NUMBER" for each that was confirmed.
 */
final class CrashingWriter {
  static final int SESSIONS = 8;

  /** Runs until it is killed. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, /* autoFlush= */ true, StandardCharsets.UTF_8);
    TestNode node = TestNode.sqlite(Path.of(args[0]));
    for (int i = 0; i < SESSIONS; i++) {
      String id = id(i);
      Thread.ofPlatform().start(() -> write(node, id, out));
    }
  }

  static String id(int session) {
    return "session|s-" + session;
  }

  private static void write(TestNode node, String id, PrintStream out) {
    ActorRef<Recorder.Command> recorder = node.recorder(id);
    TestProbe<Recorder.Written> probe = node.kit().createTestProbe();
    for (long seq = 1; ; seq++) {
      recorder.tell(
          new Recorder.Write(List.of(Rows.row(seq, Long.toString(seq).repeat(300))), probe.ref()));
      long journalNr = probe.receiveMessage().journalNr();
      out.println("stored " + id + " " + journalNr);
    }
  }

  private CrashingWriter() {}
}
