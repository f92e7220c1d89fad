package dev.kantele.runtime.journal;

import com.typesafe.config.ConfigFactory;
import dev.kantele.runtime.log.JournalRecord;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol.LoopMessageSuccess;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageFailure;
import org.apache.pekko.persistence.JournalProtocol.WriteMessageSuccess;
import org.apache.pekko.persistence.JournalProtocol.WriteMessages;
import org.apache.pekko.persistence.NonPersistentRepr;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import scala.jdk.javaapi.CollectionConverters;

/** Talks to the journal's actor as persistent actors do, but knows what it has taken in. */
final class RawJournal {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final TestNode node;
  private final ActorRef journal;

  RawJournal(TestNode node) {
    this.node = node;
    this.journal =
        Persistence.get(node.system().classicSystem()).journalFor("", ConfigFactory.empty());
  }

  /** A write whose answer is awaited later. */
  record Pending(String persistenceId, TestProbe<Object> answers) {
    boolean isStored() {
      while (true) {
        switch (answers.receiveMessage(SOON)) {
          case WriteMessageSuccess _ -> {
            return true;
          }
          case WriteMessageFailure _ -> {
            return false;
          }
          default -> {
            // About the whole request; one about each row follows.
          }
        }
      }
    }
  }

  /** Sends a row to be written under the given number. */
  Pending write(String persistenceId, String writer, long journalNr, JournalRecord row) {
    PersistentRepr event =
        PersistentRepr.apply(row, journalNr, persistenceId, "", false, ActorRef.noSender(), writer);
    return send(persistenceId, AtomicWrite.apply(event));
  }

  /** Waits until the journal has taken in whatever was sent before. */
  void awaitTaken() {
    Pending pending = send("nobody", new NonPersistentRepr("taken?", ActorRef.noSender()));
    while (!(pending.answers().receiveMessage(SOON) instanceof LoopMessageSuccess)) {
      // About the whole request.
    }
  }

  private Pending send(String persistenceId, PersistentEnvelope envelope) {
    TestProbe<Object> answers = node.kit().createTestProbe();
    journal.tell(
        new WriteMessages(
            CollectionConverters.asScala(List.of(envelope)).toList(),
            Adapter.toClassic(answers.ref()),
            /* actorInstanceId= */ 1),
        ActorRef.noSender());
    return new Pending(persistenceId, answers);
  }
}
