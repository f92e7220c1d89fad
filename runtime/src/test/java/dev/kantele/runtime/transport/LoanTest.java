package dev.kantele.runtime.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class LoanTest extends TransportRig {
  @Override
  ActorSystem<Void> system() {
    return TestLoops.system("loans");
  }

  @Override
  Transport transport(ActorSystem<Void> of) {
    return NativeTcp.of(of);
  }

  @Test
  void what_is_lent_stays_as_it_is_while_other_sockets_of_the_loop_read() throws Exception {
    var borrower = new Borrower();
    Listener lending = listen(PLAIN, connection -> runLending(connection, borrower));
    try (Peer peer = Peer.connect(lending.address())) {
      peer.send("first");
      AsyncCallback<String> returnIt = get(borrower.lent);
      // One for each of the two loops.
      aGoodWhile();
      aGoodWhile();
      returnIt.invoke("now");
      assertThat(peer.read(5)).isEqualTo("first");
      assertThat(peer.echoed("second, after the first was given back"))
          .isEqualTo("second, after the first was given back");
    }
  }

  @Test
  void a_stage_that_knows_of_no_loans_gets_the_bytes() throws Exception {
    Listener lending =
        listen(
            PLAIN,
            connection ->
                connection.runLending(
                    Flow.<ByteString>create().watchTermination((_, ended) -> ended),
                    Materializer.matFromSystem(system)));
    try (Peer peer = Peer.connect(lending.address())) {
      assertThat(peer.echoed("as ever")).isEqualTo("as ever");
    }
  }

  private CompletableFuture<?> runLending(Connection connection, Borrower borrower) {
    return connection
        .runLending(
            Flow.fromGraph(borrower).watchTermination((_, ended) -> ended),
            Materializer.matFromSystem(system))
        .toCompletableFuture();
  }

  /**
   * Echoes what it was lent; the first time not before it is told to, as if it had been held up.
   */
  private static final class Borrower extends GraphStage<FlowShape<ByteString, ByteString>> {
    final CompletableFuture<AsyncCallback<String>> lent = new CompletableFuture<>();
    private final Inlet<ByteString> in = Inlet.create("borrower.in");
    private final Outlet<ByteString> out = Outlet.create("borrower.out");

    @Override
    public FlowShape<ByteString, ByteString> shape() {
      return FlowShape.of(in, out);
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
      Loan loan = inheritedAttributes.getAttribute(Loan.class).orElseThrow();
      loan.accept();
      return new Logic(loan);
    }

    private final class Logic extends GraphStageLogic {
      private final Loan loan;
      private final AsyncCallback<String> returnIt = createAsyncCallback(_ -> giveBack());

      Logic(Loan loan) {
        super(Borrower.this.shape());
        this.loan = loan;
        setHandler(
            in,
            new AbstractInHandler() {
              @Override
              public void onPush() {
                assertThat(grab(in)).isSameAs(Loan.NOTE);
                if (!lent.complete(returnIt)) {
                  giveBack();
                }
              }
            });
        setHandler(
            out,
            new AbstractOutHandler() {
              @Override
              public void onPull() {
                if (!hasBeenPulled(in)) {
                  pull(in);
                }
              }
            });
      }

      private void giveBack() {
        byte[] copy = Arrays.copyOf(loan.array(), loan.length());
        loan.giveBack();
        push(out, ByteString.fromArrayUnsafe(copy));
      }
    }
  }

  @Test
  void a_loan_that_was_given_back_is_empty() {
    var loan = new Loan();
    loan.lend("abc".getBytes(UTF_8), 2);
    assertThat(loan.length()).isEqualTo(2);
    loan.giveBack();
    assertThat(loan.length()).isZero();
    assertThat(loan.array()).isEmpty();
  }
}
