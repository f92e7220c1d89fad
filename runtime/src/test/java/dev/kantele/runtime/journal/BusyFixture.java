package dev.kantele.runtime.journal;

import static java.util.stream.Collectors.toSet;

import com.typesafe.config.Config;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.journal.BusySessions.Command;
import dev.kantele.runtime.journal.BusySessions.Enter;
import dev.kantele.runtime.journal.BusySessions.EnterFailed;
import dev.kantele.runtime.journal.BusySessions.EnterReply;
import dev.kantele.runtime.journal.BusySessions.Entered;
import dev.kantele.runtime.journal.BusySessions.GetMembers;
import dev.kantele.runtime.journal.BusySessions.Leave;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** A set of busy sessions on a journal in memory, and one who talks to it. */
final class BusyFixture {
  static final String ID = BusySessions.ID.id();

  private final MemoryStore store = new MemoryStore();
  private final Config changes;
  private final BusySessions.Settings settings;

  private TestNode node;
  private ActorRef<Command> busy;
  private TestProbe<EnterReply> probe;

  BusyFixture(Config changes, BusySessions.Settings settings) {
    this.changes = changes;
    this.settings = settings;
    this.node = TestNode.memory(store, changes);
    this.busy =
        node.kit().spawn(BusySessions.create(BusySessions.ID, settings, new SplittableRandom(1)));
    this.probe = node.kit().createTestProbe();
  }

  void restart() {
    node.close();
    node = TestNode.memory(store, changes);
    busy =
        node.kit().spawn(BusySessions.create(BusySessions.ID, settings, new SplittableRandom(1)));
    probe = node.kit().createTestProbe();
  }

  void close() {
    node.close();
  }

  TestNode node() {
    return node;
  }

  JournalFaults faults() {
    return store.faults();
  }

  /** How many writes there have been. */
  long writes() {
    return store.highest(ID);
  }

  /** How many of them are in the journal still. */
  long storedWrites() {
    return store.read(ID, 1, Long.MAX_VALUE, Long.MAX_VALUE).size();
  }

  TestProbe<EnterReply> probe() {
    return probe;
  }

  void enter(String id) {
    busy.tell(new Enter(new SessionId(id), probe.ref()));
  }

  /** Enters and waits until that is confirmed. */
  void bring(String id) {
    enter(id);
    probe.expectMessage(entered(id));
  }

  void leave(String id) {
    busy.tell(new Leave(new SessionId(id)));
  }

  Set<String> members() {
    TestProbe<BusySessions.Members> asked = node.kit().createTestProbe();
    busy.tell(new GetMembers(asked.ref()));
    return asked.receiveMessage().sessions().stream().map(SessionId::value).collect(toSet());
  }

  /** Those that a new node finds. */
  Set<String> restartedMembers() {
    store.faults().clear();
    restart();
    return members();
  }

  TestProbe<BusySessions.Members> askForMembers() {
    TestProbe<BusySessions.Members> asked = node.kit().createTestProbe();
    busy.tell(new GetMembers(asked.ref()));
    return asked;
  }

  static EnterReply entered(String id) {
    return new Entered(new SessionId(id));
  }

  static EnterReply failed(String id) {
    return new EnterFailed(new SessionId(id));
  }
}
