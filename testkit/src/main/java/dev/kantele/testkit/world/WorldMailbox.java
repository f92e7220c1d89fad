package dev.kantele.testkit.world;

import com.typesafe.config.Config;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.Envelope;
import org.apache.pekko.dispatch.MailboxType;
import org.apache.pekko.dispatch.MessageQueue;
import org.apache.pekko.dispatch.ProducesMessageQueue;
import org.apache.pekko.dispatch.UnboundedMessageQueueSemantics;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * The mailbox of every actor that asks for no other: unbounded, first in, first out, and open to
 * {@link Messages}. Named in {@code testkit.conf}.
 */
public final class WorldMailbox implements MailboxType, ProducesMessageQueue<WorldMailbox.Letters> {
  private final SimulatedProcess process = SimulatedProcess.current();

  /** Called by Pekko. */
  public WorldMailbox(ActorSystem.Settings settings, Config config) {}

  @Override
  public MessageQueue create(Option<ActorRef> owner, Option<ActorSystem> system) {
    return new Letters(process, owner);
  }

  /** The messages that wait for one actor. */
  public static final class Letters implements MessageQueue, UnboundedMessageQueueSemantics {
    private final SimulatedProcess process;
    private final Queue<Envelope> letters = new ConcurrentLinkedQueue<>();
    private final String path;

    Letters(SimulatedProcess process, Option<ActorRef> owner) {
      this.process = process;
      this.path = owner.isEmpty() ? "" : owner.get().path().toStringWithoutAddress();
      if (owner.isDefined()) {
        process.messages().lives(path, owner.get());
      }
    }

    @Override
    public void enqueue(ActorRef receiver, Envelope letter) {
      if (process.messages().mayPass(path, receiver, letter)) {
        letters.add(letter);
      }
    }

    @Override
    public @Nullable Envelope dequeue() {
      Envelope letter = letters.poll();
      if (letter != null) {
        World world = process.world();
        world.trace().received(world.elapsed().toNanos(), path, letter.message());
      }
      return letter;
    }

    @Override
    public int numberOfMessages() {
      return letters.size();
    }

    @Override
    public boolean hasMessages() {
      return !letters.isEmpty();
    }

    @Override
    public void cleanUp(ActorRef owner, MessageQueue deadLetters) {
      process.messages().died(path, owner);
      for (Envelope letter = letters.poll(); letter != null; letter = letters.poll()) {
        deadLetters.enqueue(owner, letter);
      }
    }
  }
}
