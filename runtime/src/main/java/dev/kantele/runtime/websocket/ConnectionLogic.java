package dev.kantele.runtime.websocket;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.codec.Decoded;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.security.TokenBucket;
import dev.kantele.runtime.service.Incident;
import dev.kantele.runtime.service.Pages;
import dev.kantele.runtime.service.Replies;
import dev.kantele.runtime.websocket.deflate.DeflateSettings;
import dev.kantele.runtime.websocket.frame.CloseCode;
import dev.kantele.runtime.websocket.frame.FrameDecoder;
import dev.kantele.runtime.websocket.frame.FrameEncoder;
import dev.kantele.runtime.websocket.frame.FrameLimits;
import dev.kantele.runtime.websocket.frame.FrameRules;
import dev.kantele.runtime.websocket.frame.Frames;
import dev.kantele.runtime.websocket.frame.Role;
import dev.kantele.runtime.websocket.frame.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Performs what {@link ConnectionCore} decides: frames to messages, effects to calls, outcomes back
 * to the core, and bytes to the socket when the socket asks for them. Runs on its stream's thread;
 * whatever completes elsewhere comes in through {@code inside}.
 *
 * <p>Nothing in it grows without bound: a message is read only if the core takes one and the
 * replies that wait are few; a pull is made only if what the last one brought is written.
 */
final class ConnectionLogic extends TimerGraphStageLogic implements Connections.Connection {
  /** What is handed to the socket at once; its progress is what {@link Liveness} sees. */
  private static final int CHUNK_BYTES = 32 * 1024;

  /** How far ahead a timer is set: no further than Pekko can, and so that a set clock shows. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private enum Timer {
    HELLO,
    HALF_HEARTBEAT,
    EXPIRY,
    CLOSE
  }

  private enum Phase {
    OPEN,
    /** The close frame is written, or waits to be; of the peer only its own is awaited. */
    CLOSING,
    /** Both have sent a close frame, or will when the last bytes are written. */
    CLOSED
  }

  private final ConnectionStage stage;
  private final Inlet<ByteString> in;
  private final Outlet<ByteString> out;
  private final Pages pages;
  private final Subscriptions subscriptions;
  private final ConnectionCore core;
  private final FrameDecoder decoder;
  private final FrameEncoder encoder;
  private final Outbox outbox;
  private final Liveness liveness = new Liveness();
  private final AsyncCallback<Runnable> inside = createAsyncCallback(Runnable::run);
  private final Calls calls = new Calls(inside, this::perform);

  /** What was read last, and the first frame of it that was not handled. */
  private Frames received = Frames.NONE;

  private int nextReceived;

  private Phase phase = Phase.OPEN;
  private Optional<ClientKey> claimed = Optional.empty();
  private Optional<Instant> until = Optional.empty();

  ConnectionLogic(ConnectionStage stage) {
    super(stage.shape());
    this.stage = stage;
    this.in = stage.in;
    this.out = stage.out;
    WebSocketSettings settings = stage.settings;
    this.pages = new Pages(stage.node);
    this.subscriptions = new Subscriptions(settings, stage.codec, stage.clock);
    this.core =
        new ConnectionCore(
            settings,
            stage.limits,
            new TokenBucket(
                settings.commandsPerSecond(), settings.commandBurst(), stage.clock.millis()),
            stage.node.quotas(),
            subscriptions);
    this.decoder =
        new FrameDecoder(
            FrameRules.of(Role.SERVER, FrameLimits.of(settings.maxMessageBytes())).textOnly(),
            stage.compression);
    this.encoder =
        stage
            .compression
            .map(agreed -> FrameEncoder.server(agreed, DeflateSettings.DEFAULT))
            .orElseGet(FrameEncoder::server);
    this.outbox = new Outbox(CHUNK_BYTES, encoder, subscriptions::nextEvent);
    setHandler(in, new Input());
    setHandler(out, new Output());
  }

  @Override
  public void preStart() {
    stage.connections.enter(this);
    scheduleOnce(Timer.HELLO, stage.settings.helloTimeout());
    var half = stage.settings.heartbeat().dividedBy(2);
    scheduleWithFixedDelay(Timer.HALF_HEARTBEAT, half, half);
    pull(in);
  }

  @Override
  public void postStop() {
    decoder.close();
    encoder.close();
    leave();
  }

  /* Once for each client: its place is free before the last one that leaves ends a drain. */
  private void leave() {
    Optional<ClientKey> client = claimed;
    claimed = Optional.empty();
    client.ifPresent(key -> stage.node.quotas().leave(key.principal()));
    stage.connections.leave(this, client);
  }

  @Override
  public void close(CloseCode code, String reason) {
    inside.invoke(() -> perform(core.close(code, reason)));
  }

  @Override
  public void onTimer(Object key) {
    switch ((Timer) key) {
      case HELLO -> perform(core.helloTimedOut());
      case HALF_HEARTBEAT -> onHalfHeartbeat();
      case EXPIRY -> awaitExpiry();
      case CLOSE -> {
        if (isClosed(out)) {
          completeStage();
        } else {
          failStage(new CloseTimedOut());
        }
      }
    }
  }

  private final class Input extends AbstractInHandler {
    @Override
    public void onPush() {
      ByteString bytes = grab(in);
      if (isClosed(out)) {
        pull(in);
        return;
      }
      liveness.heard();
      decoder.offer(bytes);
      advance();
    }

    /** The peer is gone, or will not send anything more: there is nobody to talk to. */
    @Override
    public void onUpstreamFinish() {
      completeStage();
    }
  }

  private final class Output extends AbstractOutHandler {
    @Override
    public void onPull() {
      advance();
    }
  }

  /** Goes on with whatever can go on: to be called when anything has changed. */
  private void advance() {
    do {
      read();
    } while (write());
    makePulls();
  }

  private void read() {
    while (mayRead()) {
      if (nextReceived == received.count() && !receive()) {
        return;
      }
      handle(received, nextReceived++);
    }
  }

  /** Has something to handle; false if that must come first. */
  private boolean receive() {
    nextReceived = 0;
    received = decoder.next();
    while (received.isEmpty()) {
      Violation violation = decoder.violation().orElse(null);
      if (violation == null) {
        if (!hasBeenPulled(in) && !isClosed(in)) {
          pull(in);
        }
        return false;
      }
      decoder.discard();
      performEach(core.close(violation.code(), violation.reason()));
      received = decoder.next();
    }
    return true;
  }

  private boolean mayRead() {
    return switch (phase) {
      case OPEN -> core.takesMessages() && outbox.urgentBytes() < stage.settings.replyBytes();
      case CLOSING -> true;
      case CLOSED -> false;
    };
  }

  private void handle(Frames frames, int index) {
    switch (frames.opcode(index)) {
      case CLOSE -> onClose(frames, index);
      case TEXT -> {
        // What came together with what this side closed for is no longer listened to.
        if (phase == Phase.OPEN) {
          onText(frames.text(index));
        }
      }
      case PING -> outbox.add(Frames.builder().pong(frames.payload(index)).build());
      case PONG, BINARY, CONTINUATION -> {}
    }
  }

  private void onText(String text) {
    Decoded<Command> message = stage.codec.decodeCommand(text);
    try {
      performEach(core.received(message, stage.clock.millis()));
    } catch (RuntimeException e) {
      send(Replies.failed(message, Incident.logged("handle a message", e)));
    }
  }

  private void onClose(Frames frames, int index) {
    if (phase == Phase.OPEN) {
      // The core ends; its own close frame gives way to the answer.
      core.close(CloseCode.NORMAL, "The client closed the connection.");
      outbox.close(Frames.builder().closeEcho(frames, index).build());
      beginClose();
    }
    phase = Phase.CLOSED;
  }

  /** Writes if the socket takes something; true if it did. */
  private boolean write() {
    if (!isAvailable(out)) {
      return false;
    }
    ByteString chunk = outbox.take();
    if (!chunk.isEmpty()) {
      liveness.written();
      push(out, chunk);
      return true;
    }
    if (phase == Phase.CLOSED) {
      endOutput();
    }
    return false;
  }

  /**
   * Ends this half, and reads on to the end of the peer's: to end both at once could lose the close
   * frame in a reset (RFC 6455, section 7.1.1).
   */
  private void endOutput() {
    complete(out);
    // Nobody needs to wait for what only listens for the end.
    leave();
    if (isClosed(in)) {
      completeStage();
    } else if (!hasBeenPulled(in)) {
      pull(in);
    }
  }

  private void makePulls() {
    Optional<Pull> next = subscriptions.nextPull();
    while (next.isPresent()) {
      make(next.get());
      next = subscriptions.nextPull();
    }
  }

  private void make(Pull pull) {
    calls.make(
        "read a log",
        () ->
            stage
                .node
                .sessions()
                .pull(pull.session(), pull.cursor(), pull.maxEvents(), pull.maxBytes()),
        reply -> core.pulled(pull.subscription(), reply),
        error -> core.pullFailed(pull.subscription(), error));
  }

  private void perform(List<Effect> effects) {
    performEach(effects);
    advance();
  }

  private void performEach(List<Effect> effects) {
    effects.forEach(this::performOne);
  }

  private void performOne(Effect effect) {
    switch (effect) {
      case Effect.SendReply(var reply) -> send(reply);
      case Effect.SendEvent(var event) -> outbox.add(text(stage.codec.encode(event)));
      case Effect.Claim(var client) -> {
        cancelTimer(Timer.HELLO);
        claimed = Optional.of(client);
        stage.connections.claim(client, this);
      }
      case Effect.Expire(var at) -> {
        until = at;
        cancelTimer(Timer.EXPIRY);
        awaitExpiry();
      }
      case Effect.Authenticate(var ticket, var token) ->
          calls.make(
              "authenticate a client",
              () -> stage.node.authenticator().authenticate(token, stage.remote),
              outcome -> core.authenticated(ticket, outcome),
              error -> core.failed(ticket, error));
      case Effect.Submit(var ticket, var client, var command) ->
          calls.make(
              "hand over a command",
              () -> stage.node.sessions().submit(client, command),
              reply -> core.replied(ticket, reply),
              error -> core.failed(ticket, error));
      case Effect.ListPage(var ticket, var principal, var listing) ->
          calls.make(
              "answer a list",
              () -> pages.reply(principal, listing),
              reply -> core.replied(ticket, reply),
              error -> core.failed(ticket, error));
      case Effect.Close(var code, var reason) -> {
        outbox.close(Frames.close(code.number(), reason));
        decoder.discard();
        phase = Phase.CLOSING;
        beginClose();
      }
    }
  }

  private void send(Reply reply) {
    outbox.add(text(Replies.text(stage.codec, reply)));
  }

  private static Frames text(byte[] utf8) {
    return Frames.builder().utf8(utf8).build();
  }

  private void awaitExpiry() {
    if (until.isEmpty()) {
      return;
    }
    Duration left = Duration.between(stage.clock.instant(), until.get());
    if (left.isPositive()) {
      scheduleOnce(Timer.EXPIRY, left.compareTo(LONGEST) < 0 ? left : LONGEST);
    } else {
      perform(core.expired());
    }
  }

  private void onHalfHeartbeat() {
    // Where the socket asks for nothing, it still holds what it was given before.
    switch (liveness.tick(hasBeenPulled(in), !isAvailable(out))) {
      case ALIVE -> {}
      case PING -> {
        if (!outbox.hasUrgent()) {
          outbox.add(Frames.builder().ping(ByteString.emptyByteString()).build());
        }
        advance();
      }
      case SILENT -> giveUp("Nothing came from the client for more than two heartbeats.");
      case STALLED -> giveUp("The client read nothing for more than two heartbeats.");
    }
  }

  private void giveUp(String reason) {
    perform(core.close(CloseCode.HEARTBEAT_MISSED, reason));
  }

  /** From here on the peer has a limited time to close, too. */
  private void beginClose() {
    cancelTimer(Timer.HELLO);
    cancelTimer(Timer.HALF_HEARTBEAT);
    cancelTimer(Timer.EXPIRY);
    scheduleOnce(Timer.CLOSE, stage.settings.closeTimeout());
  }

  /** Resets the socket of a peer that did not answer a close in time. */
  private static final class CloseTimedOut extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CloseTimedOut() {
      super(
          "The peer did not close in time.",
          /* cause= */ null,
          /* enableSuppression= */ false,
          /* writableStackTrace= */ false);
    }
  }
}
