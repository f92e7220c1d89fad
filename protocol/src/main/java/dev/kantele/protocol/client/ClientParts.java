package dev.kantele.protocol.client;

import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What a client is made of that a test may want to replace. The client closes the timers and the
 * dialer.
 *
 * @param threads what runs mailboxes and the application's code
 */
record ClientParts(Link.Dialer dialer, Timers timers, RandomGenerator random, Executor threads) {
  static ClientParts of(ClientSettings settings) {
    return of(settings, new SystemTimers());
  }

  static ClientParts of(ClientSettings settings, Timers timers) {
    return new ClientParts(
        new JdkDialer(NodeAddress.parse(settings.url()), settings.connectLimit()),
        timers,
        RandomGenerator.getDefault(),
        task -> Thread.ofVirtual().name("kantele-client").start(task));
  }
}
