package dev.kantele.protocol.client;

import dev.kantele.protocol.Command;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * What tests of a client need: a {@link FakeNode}, and a client of it that is closed after each.
 */
@Timeout(60)
abstract class FakeNodeFixture {
  /** Commands that a part found worth keeping. */
  final BlockingQueue<Command> came = new LinkedBlockingQueue<>();

  ClientHarness harness;
  FakeNode node;

  @BeforeEach
  final void start() throws IOException {
    harness = new ClientHarness();
    node = harness.node;
  }

  @AfterEach
  final void stop() throws IOException {
    harness.close();
  }

  /** Connects, and opens session {@code s}. */
  final ClientSession open() {
    return harness.connect().open("s");
  }
}
