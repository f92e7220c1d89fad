package dev.kantele.runtime.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Ends a connection on which the next request has not come, its whole head, when the limit is over:
 * from the connection's begin, or from the end of the last response. A time limit for silence alone
 * lets a client hold a connection for days by a byte a minute.
 */
final class NextRequestLimit
    extends GraphStage<BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse>> {
  private static final String TIMER = "next-request";

  private final Inlet<HttpRequest> requestIn = Inlet.create("request.in");
  private final Outlet<HttpRequest> requestOut = Outlet.create("request.out");
  private final Inlet<HttpResponse> responseIn = Inlet.create("response.in");
  private final Outlet<HttpResponse> responseOut = Outlet.create("response.out");
  private final Duration limit;

  NextRequestLimit(Duration limit) {
    this.limit = requireNonNull(limit, "limit");
  }

  @Override
  public BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse> shape() {
    return BidiShape.of(requestIn, requestOut, responseIn, responseOut);
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private final AsyncCallback<Boolean> responseEnded = createAsyncCallback(_ -> await());

    Logic() {
      super(NextRequestLimit.this.shape());
      setHandler(
          requestIn,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              cancelTimer(TIMER);
              push(requestOut, grab(requestIn));
            }

            @Override
            public void onUpstreamFinish() {
              complete(requestOut);
            }
          });
      setHandler(
          requestOut,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              pull(requestIn);
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
              cancel(requestIn, cause);
            }
          });
      setHandler(
          responseIn,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              push(responseOut, watched(grab(responseIn)));
            }
          });
      setHandler(
          responseOut,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              pull(responseIn);
            }
          });
    }

    @Override
    public void preStart() {
      await();
    }

    @Override
    public void onTimer(Object key) {
      completeStage();
    }

    private void await() {
      scheduleOnce(TIMER, limit);
    }

    /* After a switch of protocols there is no next request. */
    private HttpResponse watched(HttpResponse response) {
      if (response.status().equals(StatusCodes.SWITCHING_PROTOCOLS)) {
        return response;
      }
      if (response.entity().isStrict()) {
        await();
        return response;
      }
      return response.transformEntityDataBytes(
          Flow.<ByteString>create()
              .watchTermination(
                  (none, end) -> {
                    end.whenComplete((_, _) -> responseEnded.invoke(true));
                    return none;
                  }));
    }
  }
}
