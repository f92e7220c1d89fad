package dev.kantele.runtime.transport;

import dev.kantele.runtime.poller.ReadinessHandler;
import dev.kantele.runtime.poller.Registration;
import dev.kantele.runtime.poller.backend.Errno;
import dev.kantele.runtime.poller.backend.Interest;
import dev.kantele.runtime.poller.backend.Readiness;
import dev.kantele.runtime.poller.backend.SyscallException;
import dev.kantele.runtime.poller.backend.Trigger;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SubscriptionWithCancelException.NonFailureCancellation;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.InHandler;
import org.apache.pekko.stream.stage.OutHandler;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A connected socket as a part of a stream that runs on the socket's loop.
 *
 * <p>The loop tells of readiness only when that changes, so what was told is kept: {@code readable}
 * until a read finds nothing more, {@code writable} until a write is refused. Reading follows
 * demand. What is to be written is gathered until the loop's tick ends and goes out by one call.
 */
abstract class SocketLogic extends TimerGraphStageLogic
    implements InHandler, OutHandler, ReadinessHandler {
  /** While more than this waits to be written, the stream is not asked for more. */
  private static final int HIGH_WATER_BYTES = Home.BUFFER_BYTES;

  /** Reads in a row, after which others of the loop have their turn. */
  private static final int READS = 8;

  /** How long a peer may take to end its side after this side has ended all. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  /** The timers; a subclass has keys of its own. */
  private enum Timer {
    /** Whether the peer has taken something of what is left. */
    FLUSH,
    /** The peer does not end. */
    LINGER
  }

  private final Inlet<ByteString> in;
  private final Outlet<ByteString> out;
  private final List<Home> homes;
  private final boolean halfClose;
  private final Duration flushTimeout;
  private final AsyncCallback<Object> wake = createAsyncCallback(_ -> onWake());
  private final @Nullable Loan loan;
  private final Unsent unsent = new Unsent();

  /** One object for all ticks. */
  private final Runnable flush = this::onTickEnd;

  /** What was received before. */
  private ByteString unread;

  private @Nullable Home home;
  private @Nullable NativeSocket socket;
  private @Nullable Registration registration;

  /** What the loop has told and the stream has not seen. */
  private int told;

  private boolean waking;
  private boolean readable;
  private boolean writable;

  /**
   * Whether the peer has ended its side, so that a read that found little may not have found all.
   */
  private boolean hungUp;

  private int readsInARow;

  /** Whether the end of what the peer sends was read. */
  private boolean ended;

  /** Whether what comes is thrown away. */
  private boolean discarding;

  private boolean flushing;

  /** Whether nothing more comes to be written. */
  private boolean finishing;

  private boolean shutDown;
  private long unsentAtTimer;
  private @Nullable SyscallException failure;

  /**
   * The logic of a socket.
   *
   * @param homes of which the stream must run on one
   * @param unread what is received first
   * @param toSend what is sent first
   * @param loan by which what is read may be lent; null: it is copied
   */
  SocketLogic(
      FlowShape<ByteString, ByteString> shape,
      List<Home> homes,
      boolean halfClose,
      Duration flushTimeout,
      ByteString unread,
      ByteString toSend,
      @Nullable Loan loan) {
    super(shape);
    this.in = shape.in();
    this.out = shape.out();
    this.homes = homes;
    this.halfClose = halfClose;
    this.flushTimeout = flushTimeout;
    this.unread = unread;
    this.loan = loan;
    unsent.add(toSend);
    setHandler(in, this);
    setHandler(out, this);
  }

  /**
   * The socket, which is this stage's from now on. Called once, on the loop's thread.
   *
   * @throws IOException if there is none
   */
  abstract NativeSocket open() throws IOException;

  /** What to do with {@code opened}, which the loop now watches; {@link #connected} must follow. */
  abstract void begin(NativeSocket opened);

  /** Goes on with another stream; this one has let the socket go. */
  abstract void goOn(HandOver to);

  @Override
  public final void preStart() throws IOException {
    Home here = homes.stream().filter(each -> each.loop().inLoop()).findFirst().orElse(null);
    NativeSocket opened = open();
    if (here == null) {
      opened.reset();
      throw new IllegalStateException(
          "thread: %s (expected: the loop's; run the stream with the attributes of its home)"
              .formatted(Thread.currentThread().getName()));
    }
    home = here;
    socket = opened;
    try {
      registration =
          here.loop().register(opened.descriptor(), Trigger.EDGE, Interest.READ_WRITE, this);
    } catch (IOException e) {
      opened.reset();
      throw e;
    }
    setKeepGoing(true);
    begin(opened);
  }

  /** The socket is connected. */
  final void connected() {
    writable = true;
    if (!isClosed(in)) {
      pull(in);
    }
    flushAtTickEnd();
  }

  @Override
  public void postStop() {
    release(NativeSocket::close);
  }

  /** Lets the socket go, once. */
  private void release(Consumer<NativeSocket> how) {
    Registration watched = registration;
    registration = null;
    if (watched != null) {
      watched.cancel();
    }
    NativeSocket had = socket;
    socket = null;
    if (had != null) {
      how.accept(had);
    }
  }

  /* From the loop, outside of the stream. */

  @Override
  public final void ready(Registration of, int readiness) {
    told |= readiness;
    wake();
  }

  @Override
  public final void released(Registration of) {
    registration = null;
    release(NativeSocket::close);
  }

  private void wake() {
    if (!waking) {
      waking = true;
      wake.invoke(this);
    }
  }

  private void onTickEnd() {
    flushing = false;
    if (!writable || unsent.isEmpty()) {
      return;
    }
    boolean full = unsent.bytes() >= HIGH_WATER_BYTES;
    flush();
    if (failure != null || (full && unsent.bytes() < HIGH_WATER_BYTES) || isFinished()) {
      wake();
    }
  }

  private boolean isFinished() {
    return finishing && unsent.isEmpty();
  }

  private void flush() {
    NativeSocket to = socket;
    Home here = home;
    while (to != null && here != null && !unsent.isEmpty()) {
      MemorySegment next = unsent.next(here.gathered());
      int count = to.write(next);
      if (count >= 0) {
        // Fewer than there were is no sign yet: only a refusal makes the system tell of room again.
        unsent.written(count);
      } else if (count == -Errno.EAGAIN) {
        writable = false;
        return;
      } else {
        failure = to.failure("send", count);
        return;
      }
    }
  }

  /* In the stream. */

  private void onWake() {
    waking = false;
    int readiness = told;
    told = 0;
    if (readiness != 0) {
      onReady(readiness);
    }
    if (writable) {
      flush();
    }
    advance();
  }

  /** The socket, unless it is gone. */
  final @Nullable NativeSocket socket() {
    return socket;
  }

  /** What the loop has told. */
  void onReady(int readiness) {
    if ((readiness & Readiness.WRITE) != 0) {
      writable = true;
    }
    if ((readiness & (Readiness.READ | Readiness.HANGUP)) != 0) {
      readable = true;
    }
    if ((readiness & Readiness.HANGUP) != 0) {
      hungUp = true;
    }
    NativeSocket of = socket;
    if ((readiness & Readiness.ERROR) != 0 && of != null) {
      int error = of.error();
      if (error != 0) {
        failure = of.failure("the connection", -error);
      }
    }
  }

  /** Goes on with whatever can go on. */
  private void advance() {
    readsInARow = 0;
    if (failure != null) {
      failStage(failure);
      return;
    }
    read();
    if (isFinished()) {
      end();
    } else if (!isClosed(in) && !hasBeenPulled(in) && unsent.bytes() < HIGH_WATER_BYTES) {
      pull(in);
    }
  }

  @Override
  public void onPull() {
    if (unread.isEmpty()) {
      read();
    } else {
      push(out, unread);
      unread = ByteString.emptyByteString();
    }
  }

  @Override
  public void onPush() {
    unsent.add(grab(in));
    flushAtTickEnd();
    if (unsent.bytes() < HIGH_WATER_BYTES) {
      pull(in);
    }
  }

  private void flushAtTickEnd() {
    Home here = home;
    if (!flushing && writable && !unsent.isEmpty() && here != null) {
      flushing = true;
      here.loop().atTickEnd(flush);
    }
  }

  private void read() {
    NativeSocket from = socket;
    Home here = home;
    while (from != null && here != null && readable && !ended && isWanted()) {
      if (readsInARow == READS) {
        wake();
        return;
      }
      readsInARow++;
      int count = from.read(here.readSegment());
      if (count > 0) {
        // A read that does not fill the buffer has found all there was (epoll(7)), but for the end.
        readable = count == Home.BUFFER_BYTES || hungUp;
        if (!discarding) {
          push(out, received(here, count));
        }
      } else if (count == 0) {
        ended = true;
        onEnd();
      } else if (count == -Errno.EAGAIN) {
        readable = false;
      } else {
        failStage(from.failure("recv", count));
        return;
      }
    }
  }

  private ByteString received(Home here, int count) {
    if (loan == null || !loan.isAccepted()) {
      return ByteString.fromArrayUnsafe(Arrays.copyOf(here.read(), count));
    }
    here.lend(loan, count);
    return Loan.NOTE;
  }

  private boolean isWanted() {
    return discarding || (!isClosed(out) && isAvailable(out));
  }

  /** The peer sends nothing more. */
  private void onEnd() {
    if (shutDown) {
      completeStage();
    } else if (!isClosed(out)) {
      complete(out);
    }
  }

  @Override
  public void onUpstreamFinish() {
    finishing = true;
    if (unsent.isEmpty()) {
      end();
    } else {
      unsentAtTimer = unsent.bytes();
      scheduleOnce(Timer.FLUSH, flushTimeout);
    }
  }

  /** Everything is written, and nothing more comes. */
  private void end() {
    if (shutDown) {
      return;
    }
    shutDown = true;
    cancelTimer(Timer.FLUSH);
    NativeSocket had = socket;
    if (had != null) {
      // Refused only if the peer has gone, which reading tells.
      int _ = had.shutdownOutput();
    }
    if (ended) {
      completeStage();
      return;
    }
    if (!halfClose || discarding) {
      // What the peer still sends would be answered by a reset, which can overtake the last bytes.
      discarding = true;
      if (!isClosed(out)) {
        complete(out);
      }
      scheduleOnce(Timer.LINGER, LINGER);
      read();
    }
  }

  @Override
  public void onUpstreamFailure(Throwable cause) {
    if (cause instanceof HandOver to) {
      handOver(to);
      return;
    }
    release(NativeSocket::reset);
    failStage(cause);
  }

  private void handOver(HandOver to) {
    // Its two signals, the failure and the cancellation, come one after the other.
    if (socket != null) {
      release(_ -> {});
      completeStage();
      goOn(to);
    }
  }

  @Override
  public void onDownstreamFinish(Throwable cause) {
    if (cause instanceof HandOver to) {
      handOver(to);
      return;
    }
    if (!(cause instanceof NonFailureCancellation)) {
      release(NativeSocket::reset);
      failStage(cause);
      return;
    }
    discarding = true;
    if (shutDown) {
      scheduleOnce(Timer.LINGER, LINGER);
    }
    read();
  }

  @Override
  public void onTimer(Object key) {
    switch ((Timer) key) {
      case LINGER -> completeStage();
      case FLUSH -> {
        if (unsent.bytes() == unsentAtTimer) {
          release(NativeSocket::reset);
          completeStage();
        } else {
          unsentAtTimer = unsent.bytes();
          scheduleOnce(Timer.FLUSH, flushTimeout);
        }
      }
    }
  }
}
