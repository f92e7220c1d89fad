package dev.kantele.protocol.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.Secret;
import dev.kantele.protocol.WireError;
import dev.kantele.protocol.client.ConnectionEnd.Again;
import dev.kantele.protocol.client.ConnectionEndedException.Reason;
import dev.kantele.protocol.client.Timers.Timer;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.protocol.codec.WireFormatException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a connection to the node: dials, greets, watches for signs of life, and begins again when
 * the connection is lost. Confined to the client's mailbox; whatever comes from elsewhere carries
 * the number of the try that it belongs to, and is dropped if that is over.
 */
final class Connector {
  private static final int VERSION = 1;

  /** Who uses the connection. Called on the client's mailbox. */
  interface Owner {
    /** There is a connection. */
    void opened();

    /** There is none for now. */
    void lost();

    void replied(Reply reply);

    void happened(Event event);

    /** There will be none any more. The last call. */
    void ended(ClientException because);
  }

  private sealed interface State {
    record Dialing() implements State {}

    record Greeting(Link link, CommandId hello) implements State {}

    record Open(Link link, Reply.Welcome welcome) implements State {}

    record Pausing() implements State {}

    record Ended() implements State {}
  }

  private final ClientSettings settings;
  private final ClientParts parts;
  private final Executor mailbox;
  private final Consumer<ConnectionChange> changes;
  private final Owner owner;
  private final CommandIds ids;
  private final NodeAddress node;
  private final WireCodec codec = new WireCodec();

  private State state = new State.Pausing();

  /** The number of the try that is on, or of the connection that it led to. */
  private long current;

  private boolean everOpened;

  /** Tries, or connections that brought nothing, since the last that brought something. */
  private int failures;

  private Liveness liveness = new Liveness();

  /** Ends the try, the pause, or the half heartbeat. */
  private @Nullable Timer timer;

  /** Ends the search for a node. */
  private @Nullable Timer outage;

  Connector(
      ClientSettings settings,
      ClientParts parts,
      Executor mailbox,
      Consumer<ConnectionChange> changes,
      Owner owner,
      CommandIds ids) {
    this.settings = settings;
    this.parts = parts;
    this.mailbox = mailbox;
    this.changes = changes;
    this.owner = owner;
    this.ids = ids;
    this.node = NodeAddress.parse(settings.url());
  }

  boolean isOpen() {
    return state instanceof State.Open;
  }

  /** Makes the first try. */
  void dial() {
    if (state instanceof State.Ended) {
      return;
    }
    long number = begin(new State.Dialing());
    timer =
        after(
            number,
            settings.connectLimit(),
            () ->
                lose(
                    ConnectionEnd.passing(
                        "nobody answered within " + settings.connectLimit().toMillis() + " ms")));
    parts.threads().execute(() -> askForToken(number));
  }

  private void askForToken(long number) {
    Optional<Secret> token;
    try {
      token = settings.token().get();
    } catch (RuntimeException e) {
      ConnectionEnd end =
          ConnectionEnd.passing(
              "its token could not be had (" + e.getClass().getSimpleName() + ")");
      inside(number, () -> lose(end));
      return;
    }
    inside(number, () -> dial(number, token));
  }

  private void dial(long number, Optional<Secret> token) {
    var _ =
        parts
            .dialer()
            .dial(new Incoming(number))
            .whenComplete(
                (link, failure) -> mailbox.execute(() -> dialed(number, link, failure, token)));
  }

  private void dialed(
      long number, @Nullable Link link, @Nullable Throwable failure, Optional<Secret> token) {
    if (number != current || !(state instanceof State.Dialing)) {
      if (link != null) {
        link.abort();
      }
    } else if (link == null) {
      lose(end(failure));
    } else {
      CommandId hello = ids.next();
      state = new State.Greeting(link, hello);
      send(link, new Command.Hello(hello, List.of(VERSION), settings.client(), token));
    }
  }

  private static ConnectionEnd end(@Nullable Throwable failure) {
    return switch (failure) {
      case Link.FailedDial dial -> dial.end();
      case CompletionException wrapper -> end(wrapper.getCause());
      case null, default -> ConnectionEnd.passing("nobody answered");
    };
  }

  /** What a link says, in the mailbox. */
  private final class Incoming implements Link.Listener {
    private final long number;

    Incoming(long number) {
      this.number = number;
    }

    @Override
    public void message(String text, Runnable next) {
      inside(
          number,
          () -> {
            liveness.heard();
            read(text);
            next.run();
          });
    }

    @Override
    public void alive() {
      inside(number, () -> liveness.heard());
    }

    @Override
    public void ended(ConnectionEnd end) {
      inside(number, () -> lose(end));
    }
  }

  private void read(String text) {
    byte[] frame = text.getBytes(UTF_8);
    try {
      if (FrameType.isReply(frame)) {
        replied(codec.decodeReply(frame));
      } else if (isOpen()) {
        Event event = codec.decodeEvent(frame);
        failures = 0;
        owner.happened(event);
      }
    } catch (IOException | WireFormatException _) {
      lose(
          ConnectionEnd.lasting(
              Reason.BROKEN, "it sent what is no message of protocol version " + VERSION));
    }
  }

  private void replied(Reply reply) {
    switch (state) {
      case State.Greeting(var link, var hello) -> greeted(link, hello, reply);
      case State.Open _ -> {
        failures = 0;
        owner.replied(reply);
      }
      case State.Dialing _, State.Pausing _, State.Ended _ -> {}
    }
  }

  private void greeted(Link link, CommandId hello, Reply reply) {
    switch (reply) {
      case Reply.Welcome welcome when welcome.re().equals(hello) -> {
        if (welcome.version() == VERSION) {
          open(link, welcome);
        } else {
          lose(ConnectionEnd.lasting(Reason.BROKEN, "it speaks another version of the protocol"));
        }
      }
      case Reply.Nack nack when nack.re().isEmpty() || nack.re().get().equals(hello) ->
          lose(ConnectionEnd.refused(nack.error()));
      case Reply.Welcome _, Reply.Nack _, Reply.Ack _, Reply.Pong _ -> {}
    }
  }

  private void open(Link link, Reply.Welcome welcome) {
    cancelTimers();
    everOpened = true;
    state = new State.Open(link, welcome);
    liveness = new Liveness();
    scheduleTick(link, Duration.ofMillis(welcome.heartbeatMs()).dividedBy(2));
    changes.accept(new ConnectionChange.Connected());
    owner.opened();
  }

  private void scheduleTick(Link link, Duration half) {
    timer = after(current, half, () -> tick(link, half));
  }

  private void tick(Link link, Duration half) {
    switch (liveness.tick(link.isStalled())) {
      case ALIVE -> scheduleTick(link, half);
      case QUIET -> {
        link.ping();
        scheduleTick(link, half);
      }
      case DEAD -> lose(ConnectionEnd.passing("the node gave no sign of life"));
    }
  }

  /**
   * Sends a command, if there is a connection.
   *
   * @return why it can't be sent over this connection or any, if that is so
   */
  Optional<WireError> send(Command command) {
    if (state instanceof State.Open(var link, var welcome)) {
      String text;
      try {
        text = new String(codec.encode(command), UTF_8);
      } catch (IllegalArgumentException _) {
        return Optional.of(
            WireError.of(ErrorCode.INVALID_ARGUMENT, "The command has no JSON form."));
      }
      long max = welcome.limits().frameBytes();
      int bytes = text.getBytes(UTF_8).length;
      if (bytes > max) {
        return Optional.of(
            WireError.of(
                ErrorCode.LIMIT_EXCEEDED,
                "The command has %d bytes (expected: at most %d).".formatted(bytes, max)));
      }
      link.send(text);
    }
    return Optional.empty();
  }

  private void send(Link link, Command.Hello hello) {
    link.send(new String(codec.encode(hello), UTF_8));
  }

  private void lose(ConnectionEnd end) {
    boolean wasOpen = isOpen();
    drop();
    failures++;
    if (wasOpen) {
      owner.lost();
    }
    if (end.again() == Again.NEVER || !everOpened) {
      finish(end.exception(node));
      return;
    }
    if (wasOpen) {
      limitOutage(end);
    }
    boolean atOnce = end.again() == Again.AT_ONCE && failures == 1;
    Duration pause = atOnce ? Duration.ZERO : settings.backoff().pause(failures, parts.random());
    changes.accept(new ConnectionChange.Lost(end.because(), pause));
    if (atOnce) {
      dial();
    } else {
      long number = begin(new State.Pausing());
      timer = after(number, pause, this::dial);
    }
  }

  private void limitOutage(ConnectionEnd end) {
    Duration limit = settings.reconnectLimit();
    String sentence =
        "the connection to %s was lost (%s), and no node answered there for %d ms"
            .formatted(node, end.because(), limit.toMillis());
    outage = parts.timers().schedule(limit, () -> mailbox.execute(() -> giveUp(sentence)));
  }

  private void giveUp(String sentence) {
    /* The timer may have fired while the node came back. */
    if (outage != null) {
      drop();
      finish(new ConnectionEndedException(Reason.GIVEN_UP, sentence));
    }
  }

  /** Ends the connection, and whatever was to lead to another. */
  void close(ClientException because) {
    if (state instanceof State.Ended) {
      return;
    }
    if (state instanceof State.Open(var link, _)) {
      link.close();
      begin(new State.Pausing());
    } else {
      drop();
    }
    finish(because);
  }

  private void finish(ClientException because) {
    cancelTimers();
    state = new State.Ended();
    owner.ended(because);
  }

  private void drop() {
    Link link =
        switch (state) {
          case State.Greeting greeting -> greeting.link();
          case State.Open open -> open.link();
          case State.Dialing _, State.Pausing _, State.Ended _ -> null;
        };
    begin(new State.Pausing());
    if (link != null) {
      link.abort();
    }
  }

  /** Makes everything that comes from earlier tries stale. */
  private long begin(State next) {
    current++;
    state = next;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    return current;
  }

  private void cancelTimers() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    if (outage != null) {
      outage.cancel();
      outage = null;
    }
  }

  private Timer after(long number, Duration delay, Runnable task) {
    return parts.timers().schedule(delay, () -> inside(number, task));
  }

  /** Runs a task in the mailbox, unless what it is about is over by then. */
  private void inside(long number, Runnable task) {
    mailbox.execute(
        () -> {
          if (number == current) {
            task.run();
          }
        });
  }
}
