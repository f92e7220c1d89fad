package dev.kantele.runtime.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kantele.runtime.transport.HandOver;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.InHandler;
import org.apache.pekko.stream.stage.OutHandler;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Reads the head of a connection's first request, and lets the connection go on as what that asks
 * for: a WebSocket, or HTTP, which gets the bytes that were read as if nobody had. A head that
 * takes too long is answered with 408 (RFC 9110, section 15.5.9), or with nothing if none has
 * begun.
 */
final class FirstRequest extends GraphStage<FlowShape<ByteString, ByteString>> {
  private static final String TIMER = "head";
  private static final ByteString TIMED_OUT =
      ByteString.fromArray(
          """
          HTTP/1.1 408 Request Timeout
          Connection: close
          Content-Length: 0

          """
              .replace("\n", "\r\n")
              .getBytes(US_ASCII));

  /** What a connection may become. Called by the stream, once. */
  interface Fork {
    /** Told, before anything else, how to end a connection that has asked for nothing. */
    void begun(Runnable end);

    /**
     * The WebSocket that a head asks for; empty: the request is HTTP's to answer.
     *
     * @param head the bytes of the head
     */
    Optional<Upgraded> webSocket(byte[] head);

    /** HTTP, from the first byte on. */
    Graph<FlowShape<ByteString, ByteString>, ?> http();

    /** Told that the connection has ended before it has become anything. */
    void ended();
  }

  /**
   * A WebSocket.
   *
   * @param response what the client gets first
   * @param bytes the stream of what comes after head and response
   */
  record Upgraded(ByteString response, Graph<FlowShape<ByteString, ByteString>, ?> bytes) {}

  private final Inlet<ByteString> in = Inlet.create("first-request.in");
  private final Outlet<ByteString> out = Outlet.create("first-request.out");
  private final Duration timeout;
  private final int maxHeadBytes;
  private final boolean handsOver;
  private final Fork fork;

  /**
   * A stage.
   *
   * @param timeout from the begin of the connection to the end of the head
   * @param handsOver whether it is joined to a connection that can be handed over
   */
  FirstRequest(Duration timeout, int maxHeadBytes, boolean handsOver, Fork fork) {
    this.timeout = timeout;
    this.maxHeadBytes = maxHeadBytes;
    this.handsOver = handsOver;
    this.fork = fork;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return FlowShape.of(in, out);
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private final HeadBuffer head = new HeadBuffer(maxHeadBytes);
    private final AsyncCallback<String> end = createAsyncCallback(_ -> endUndecided());
    private boolean decided;

    Logic() {
      super(FirstRequest.this.shape());
      setHandler(in, new Reading());
      setHandler(out, new Waiting());
    }

    @Override
    public void preStart() {
      fork.begun(() -> end.invoke(""));
      scheduleOnce(TIMER, timeout);
      pull(in);
    }

    @Override
    public void postStop() {
      if (!decided) {
        fork.ended();
      }
    }

    @Override
    public void onTimer(Object key) {
      if (head.isEmpty()) {
        completeStage();
      } else {
        cancel(in);
        emit(out, TIMED_OUT, this::completeStage);
      }
    }

    private void endUndecided() {
      if (!decided) {
        completeStage();
      }
    }

    private final class Reading extends AbstractInHandler {
      @Override
      public void onPush() {
        head.add(grab(in));
        if (head.isHopeless()) {
          becomeHttp();
        } else if (head.isWhole()) {
          decide();
        } else {
          pull(in);
        }
      }
    }

    private static final class Waiting extends AbstractOutHandler {
      @Override
      public void onPull() {
        // There is nothing to say before the request is known.
      }
    }

    private void decide() {
      Optional<Upgraded> webSocket = fork.webSocket(head.head());
      if (webSocket.isEmpty()) {
        becomeHttp();
      } else {
        become(webSocket.get().response(), head.rest(), webSocket.get().bytes());
      }
    }

    private void becomeHttp() {
      become(ByteString.emptyByteString(), head.all(), fork.http());
    }

    /**
     * Lets {@code flow} have the connection: alone if that can be, else as a part of this stream.
     *
     * @param response sent before what the flow sends
     * @param first received before what comes
     */
    private void become(
        ByteString response, ByteString first, Graph<FlowShape<ByteString, ByteString>, ?> flow) {
      decided = true;
      cancelTimer(TIMER);
      if (handsOver) {
        Materializer next = materializer();
        failStage(
            new HandOver(
                first,
                response,
                connection -> {
                  var _ = connection.runLending(Flow.fromGraph(flow), next);
                }));
        return;
      }
      var received = new SubSourceOutlet<ByteString>("first-request.received");
      var sent = new SubSinkInlet<ByteString>("first-request.sent");
      var toFlow = new Received(received, first);
      setHandler(in, toFlow);
      received.setHandler(toFlow);
      sent.setHandler(new Sent(sent));
      setHandler(out, new SentDemand(sent));
      if (!response.isEmpty()) {
        emit(out, response);
      }
      Source.fromGraph(received.source())
          .via(flow)
          .runWith(Sink.fromGraph(sent.sink()), subFusingMaterializer());
      if (isAvailable(out)) {
        sent.pull();
      }
    }

    private final class Received implements InHandler, OutHandler {
      private final SubSourceOutlet<ByteString> to;
      private ByteString first;

      Received(SubSourceOutlet<ByteString> to, ByteString first) {
        this.to = to;
        this.first = first;
      }

      @Override
      public void onPush() {
        to.push(grab(in));
      }

      @Override
      public void onUpstreamFinish() {
        if (first.isEmpty()) {
          to.complete();
        }
      }

      @Override
      public void onUpstreamFailure(Throwable failure) {
        to.fail(failure);
      }

      @Override
      public void onPull() {
        if (first.isEmpty()) {
          pull(in);
          return;
        }
        to.push(first);
        first = ByteString.emptyByteString();
        if (isClosed(in)) {
          to.complete();
        }
      }

      /** Whether the flow has failed shows in what it sends. */
      @Override
      public void onDownstreamFinish(Throwable cause) {
        cancel(in);
      }
    }

    private final class Sent extends AbstractInHandler {
      private final SubSinkInlet<ByteString> from;

      Sent(SubSinkInlet<ByteString> from) {
        this.from = from;
      }

      @Override
      public void onPush() {
        push(out, from.grab());
      }

      @Override
      public void onUpstreamFinish() {
        complete(out);
      }

      @Override
      public void onUpstreamFailure(Throwable failure) {
        fail(out, failure);
      }
    }

    private static final class SentDemand extends AbstractOutHandler {
      private final SubSinkInlet<ByteString> from;

      SentDemand(SubSinkInlet<ByteString> from) {
        this.from = from;
      }

      @Override
      public void onPull() {
        from.pull();
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        from.cancel(cause);
      }
    }
  }
}
