package dev.kantele.protocol.client;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Secret;
import dev.kantele.protocol.WireNumber;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How a client finds its node and what it does when it loses it. A value; each method with a
 * parameter gives a changed copy.
 *
 * @param url the node's address: {@code http}, {@code https}, {@code ws} or {@code wss}
 * @param client the name in {@code hello}. By default a random one; a fixed one lets a process that
 *     was started anew take the place of its earlier life
 * @param token asked for the credential before each connection, on a virtual thread; may block
 * @param backoff the pauses between tries to connect
 * @param connectLimit how long one try may take, from the first packet to the welcome
 * @param reconnectLimit how long to try after the connection was lost; then the client gives up
 * @param eventWindow how many events a subscriber's buffer holds: what the node is asked for ahead
 *     of demand, and all that a slow subscriber costs. 1..10,000
 * @param maxPending how many commands may be without a reply; a further one is refused here
 * @param restartUnknownCursors whether a subscriber whose cursor the session does not know (it was
 *     deleted and opened again) gets the new log from its start, instead of an error
 * @param onChange told when the connection is made or lost, one call at a time, on a virtual thread
 */
public record ClientSettings(
    String url,
    ClientId client,
    Supplier<Optional<Secret>> token,
    Backoff backoff,
    Duration connectLimit,
    Duration reconnectLimit,
    int eventWindow,
    int maxPending,
    boolean restartUnknownCursors,
    Consumer<ConnectionChange> onChange) {
  private static final int MAX_WINDOW = 10_000;
  private static final int MAX_PENDING = 100_000;

  public ClientSettings {
    NodeAddress _ = NodeAddress.parse(url);
    requireNonNull(client, "client");
    requireNonNull(token, "token");
    requireNonNull(backoff, "backoff");
    requirePositive("connectLimit", connectLimit);
    requirePositive("reconnectLimit", reconnectLimit);
    WireNumber.require("eventWindow", eventWindow, 1, MAX_WINDOW);
    WireNumber.require("maxPending", maxPending, 1, MAX_PENDING);
    requireNonNull(onChange, "onChange");
  }

  private static void requirePositive(String name, Duration duration) {
    if (!duration.isPositive()) {
      throw new IllegalArgumentException(name + ": " + duration + " (expected: more than 0)");
    }
  }

  /** The node at {@code url}, with a random name, no token, and defaults for the rest. */
  public static ClientSettings of(String url) {
    return new ClientSettings(
        url,
        new ClientId("java-" + UUID.randomUUID()),
        Optional::empty,
        Backoff.DEFAULT,
        Duration.ofSeconds(10),
        Duration.ofMinutes(5),
        /* eventWindow= */ 256,
        /* maxPending= */ 1024,
        /* restartUnknownCursors= */ false,
        _ -> {});
  }

  /** Sets the client's name. */
  public ClientSettings client(String name) {
    return with(draft -> draft.client = new ClientId(name));
  }

  /** Sets where the credential comes from. */
  public ClientSettings token(Supplier<Optional<Secret>> supplier) {
    return with(draft -> draft.token = supplier);
  }

  /** Sets a credential that does not change. */
  public ClientSettings token(Secret secret) {
    Optional<Secret> present = Optional.of(secret);
    return token(() -> present);
  }

  /** Sets the pauses between tries. */
  public ClientSettings backoff(Duration min, Duration max) {
    return with(draft -> draft.backoff = new Backoff(min, max));
  }

  /** Sets how long one try to connect, and how long all tries after a loss may take. */
  public ClientSettings limits(Duration connect, Duration reconnect) {
    return with(
        draft -> {
          draft.connectLimit = connect;
          draft.reconnectLimit = reconnect;
        });
  }

  /** Sets how many events a subscriber's buffer holds. */
  public ClientSettings eventWindow(int events) {
    return with(draft -> draft.eventWindow = events);
  }

  /** Sets how many commands may be without a reply. */
  public ClientSettings maxPending(int commands) {
    return with(draft -> draft.maxPending = commands);
  }

  /** Sets what a subscriber gets whose cursor the session does not know. */
  public ClientSettings restartUnknownCursors(boolean restart) {
    return with(draft -> draft.restartUnknownCursors = restart);
  }

  /** Sets who is told when the connection is made or lost. */
  public ClientSettings onChange(Consumer<ConnectionChange> listener) {
    return with(draft -> draft.onChange = listener);
  }

  private ClientSettings with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.settings();
  }

  /** A copy to be changed. */
  private static final class Draft {
    private final String url;
    private ClientId client;
    private Supplier<Optional<Secret>> token;
    private Backoff backoff;
    private Duration connectLimit;
    private Duration reconnectLimit;
    private int eventWindow;
    private int maxPending;
    private boolean restartUnknownCursors;
    private Consumer<ConnectionChange> onChange;

    Draft(ClientSettings from) {
      url = from.url;
      client = from.client;
      token = from.token;
      backoff = from.backoff;
      connectLimit = from.connectLimit;
      reconnectLimit = from.reconnectLimit;
      eventWindow = from.eventWindow;
      maxPending = from.maxPending;
      restartUnknownCursors = from.restartUnknownCursors;
      onChange = from.onChange;
    }

    ClientSettings settings() {
      return new ClientSettings(
          url,
          client,
          token,
          backoff,
          connectLimit,
          reconnectLimit,
          eventWindow,
          maxPending,
          restartUnknownCursors,
          onChange);
    }
  }

  /** Without the supplier of tokens, which is not ours to print. */
  @Override
  public String toString() {
    return "ClientSettings[url=%s, client=%s, backoff=%s]".formatted(url, client, backoff);
  }
}
