package dev.kantele.protocol.client;

import static dev.kantele.protocol.client.ClientHarness.MIN;
import static dev.kantele.protocol.client.ClientHarness.join;
import static dev.kantele.protocol.client.ClientHarness.take;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.ToolExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ClientToolsTest extends FakeNodeFixture {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final InvocationId CALL = new InvocationId("i1");
  private static final EffectId EFFECT = new EffectId("e1");

  private final AtomicInteger runs = new AtomicInteger();

  private ClientTool tool(ClientTool.Handler handler) {
    return new ClientTool(
        "length",
        "Counts characters.",
        JSON.objectNode().put("type", "object"),
        ToolEffect.READ_ONLY,
        Optional.of(Duration.ofSeconds(3)),
        call -> {
          runs.incrementAndGet();
          return handler.call(call);
        });
  }

  private ClientSession register(ClientTool.Handler handler) {
    ClientSession session = open();
    join(session.registerTools(List.of(tool(handler))));
    return session;
  }

  private static JsonNode arguments(String text) {
    return JSON.objectNode().put("text", text);
  }

  private static EventBody requested(String tool, ToolExecutor executor) {
    return new EventBody.ToolRequested(
        Peer.TURN, CALL, tool, Optional.of(arguments("four")), Optional.empty(), 0, executor);
  }

  private static EventBody started(int attempt) {
    return new EventBody.ToolStarted(Peer.TURN, CALL, EFFECT, attempt);
  }

  /** Opens, takes the tools, and gives the subscription, in whatever order they are asked for. */
  private static Command.ToolRegister registered(Peer peer) throws IOException {
    Optional<Command.ToolRegister> registered = Optional.empty();
    for (int i = 0; i < 2; i++) {
      switch (peer.next()) {
        case Command.ToolRegister register -> {
          registered = Optional.of(register);
          peer.ack(register.id(), new AckBody.ToolsRegistered(1, register.seq().orElseThrow() + 1));
        }
        case Command.SessionAttach attach ->
            peer.ack(attach.id(), new AckBody.Attached(Peer.LOG, attach.after(), 1));
        default -> throw new IOException("something else");
      }
    }
    return registered.orElseThrow();
  }

  private FakeNode.Part calls(FakeNode.Part rest) {
    return peer -> {
      peer.opened(4, 1);
      came.add(registered(peer));
      peer.event(5, requested("length", ToolExecutor.CLIENT));
      peer.event(6, started(1));
      rest.play(peer);
    };
  }

  private static JsonNode lengthOf(ClientCall call) {
    return JSON.numberNode(call.arguments().path("text").asText().length());
  }

  @Nested
  class A_call {
    @Test
    void of_a_tool_that_was_offered_is_run_and_answered() throws InterruptedException {
      node.then(
          calls(
              peer -> {
                Command.ToolResult result = peer.next(Command.ToolResult.class);
                came.add(result);
                peer.done(result).waitForTheEnd();
              }));
      var seen = new LinkedBlockingQueue<ClientCall>();
      register(
          call -> {
            seen.add(call);
            return lengthOf(call);
          });

      var offer = (Command.ToolRegister) take(came);
      assertThat(offer.seq()).hasValue(1);
      assertThat(offer.tools()).hasSize(1);
      assertThat(offer.tools().getFirst().name()).isEqualTo("length");
      assertThat(offer.tools().getFirst().timeoutMs()).hasValue(3000);
      var result = (Command.ToolResult) take(came);
      assertThat(result.invocation()).isEqualTo(CALL);
      assertThat(result.output()).contains(JSON.numberNode(4));
      assertThat(take(seen).effectId()).contains(EFFECT);
    }

    @Test
    void takes_the_arguments_of_who_approved_it() throws InterruptedException {
      node.then(
          peer -> {
            peer.opened(4, 1);
            registered(peer);
            peer.event(5, requested("length", ToolExecutor.CLIENT));
            peer.event(
                6,
                new EventBody.ToolApproved(
                    Peer.TURN, CALL, Optional.of(arguments("seven..")), "alice"));
            peer.event(7, started(1));
            came.add(peer.next());
            peer.waitForTheEnd();
          });
      register(ClientToolsTest::lengthOf);

      assertThat(((Command.ToolResult) take(came)).output()).contains(JSON.numberNode(7));
    }

    @Test
    void of_the_node_s_own_tool_or_of_another_client_s_is_left_alone() throws InterruptedException {
      node.then(
          peer -> {
            peer.opened(4, 1);
            registered(peer);
            peer.event(5, requested("length", ToolExecutor.NODE));
            peer.event(6, started(1));
            peer.event(7, new EventBody.ToolCompleted(Peer.TURN, CALL, JSON.nullNode()));
            peer.event(8, requested("other", ToolExecutor.CLIENT));
            peer.event(9, started(1));
            came.add(peer.next());
            peer.waitForTheEnd();
          });
      ClientSession session = register(ClientToolsTest::lengthOf);
      var _ = session.status();

      assertThat(take(came)).isInstanceOf(Command.SessionStatus.class);
      assertThat(runs).hasValue(0);
    }

    @Test
    void that_fails_tells_the_model_what_the_tool_said() throws InterruptedException {
      node.then(calls(peer -> came.add(peer.next())));
      register(
          _ -> {
            throw new ToolFailedException("The ruler is broken.");
          });
      Command _ = take(came);

      assertThat(((Command.ToolResult) take(came)).error())
          .contains(new Failure("tool_failed", "The ruler is broken.", false));
    }

    @Test
    void that_breaks_tells_the_model_nothing_of_the_inside() throws InterruptedException {
      node.then(calls(peer -> came.add(peer.next())));
      var failure = new IllegalStateException("s3cret");
      register(
          _ -> {
            throw failure;
          });
      Command _ = take(came);

      assertThat(((Command.ToolResult) take(came)).error())
          .contains(new Failure("tool_failed", "Tool length failed.", false));
      assertThat(take(harness.uncaught)).isSameAs(failure);
    }

    @Test
    void with_more_output_than_the_node_takes_fails() throws InterruptedException {
      node.then(calls(peer -> came.add(peer.next())));
      register(_ -> JSON.textNode("x".repeat((int) Peer.FRAME_BYTES)));
      Command _ = take(came);

      assertThat(((Command.ToolResult) take(came)).error())
          .contains(
              new Failure(
                  "tool_failed", "The tool's output is larger than the node takes.", false));
    }

    @Test
    void whose_result_the_node_can_not_take_now_tells_it_again() throws InterruptedException {
      node.then(
          calls(
              peer -> {
                Command first = peer.next();
                came.add(first);
                peer.nack(first, ErrorCode.INTERNAL);
                Command second = peer.next();
                came.add(second);
                peer.done(second).waitForTheEnd();
              }));
      register(ClientToolsTest::lengthOf);
      Command _ = take(came);
      Command _ = take(came);
      harness.endPause(MIN);

      assertThat(((Command.ToolResult) take(came)).output()).contains(JSON.numberNode(4));
      assertThat(runs).hasValue(1);
    }

    @Test
    void tells_its_progress_piece_by_piece() throws InterruptedException {
      node.then(
          calls(
              peer -> {
                for (int i = 0; i < 3; i++) {
                  Command command = peer.next();
                  came.add(command);
                  peer.done(command);
                }
                peer.waitForTheEnd();
              }));
      register(
          call -> {
            call.output("one");
            call.output("two");
            return JSON.nullNode();
          });
      Command _ = take(came);

      assertThat(((Command.ToolProgress) take(came)).chunk()).contains("one");
      assertThat(((Command.ToolProgress) take(came)).chunk()).contains("two");
      assertThat(((Command.ToolResult) take(came)).output()).contains(JSON.nullNode());
    }

    @Test
    void that_ended_in_the_log_is_interrupted() throws InterruptedException {
      var began = new CountDownLatch(1);
      var interrupted = new CountDownLatch(1);
      node.then(
          calls(
              peer -> {
                began.await();
                peer.event(7, new EventBody.ToolCancelled(Peer.TURN, CALL, Optional.empty()));
                came.add(peer.next());
                peer.waitForTheEnd();
              }));
      ClientSession session =
          register(
              _ -> {
                began.countDown();
                try {
                  new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                  interrupted.countDown();
                  throw e;
                }
                return JSON.nullNode();
              });

      interrupted.await();
      var _ = session.status();
      Command _ = take(came);
      assertThat(take(came)).as("no result").isInstanceOf(Command.SessionStatus.class);
    }
  }

  @Nested
  class After_a_lost_connection {
    @Test
    void the_result_is_sent_again_until_the_node_has_it_and_the_tool_runs_once()
        throws InterruptedException {
      node.then(calls(peer -> came.add(peer.next())));
      node.then(
          peer -> {
            peer.greet();
            for (int i = 0; i < 3; i++) {
              switch (peer.next()) {
                case Command.SessionAttach attach -> {
                  peer.ack(attach.id(), new AckBody.Attached(Peer.LOG, 7, 1));
                  if (attach.after() == 4) {
                    peer.event(5, requested("length", ToolExecutor.CLIENT));
                  }
                  if (attach.after() <= 5) {
                    peer.event(6, started(1));
                  }
                  peer.event(7, started(2));
                }
                case Command.ToolRegister register -> {
                  came.add(register);
                  peer.ack(register.id(), new AckBody.ToolsRegistered(1, 3));
                }
                case Command command -> {
                  came.add(command);
                  peer.done(command);
                }
              }
            }
            peer.waitForTheEnd();
          });
      register(ClientToolsTest::lengthOf);
      Command offer = take(came);
      Command result = take(came);
      harness.endPause(MIN);

      List<Command> again = List.of(take(came), take(came));
      assertThat(again).contains(result);
      assertThat(again)
          .filteredOn(Command.ToolRegister.class::isInstance)
          .singleElement()
          .as("offered anew, because the node may have forgotten it")
          .isNotEqualTo(offer);
      assertThat(runs).hasValue(1);
    }
  }

  @Test
  void a_later_attempt_gets_the_outcome_of_the_one_run() throws InterruptedException {
    node.then(
        calls(
            peer -> {
              Command first = peer.next();
              came.add(first);
              peer.done(first);
              peer.event(7, started(2));
              came.add(peer.next());
              peer.waitForTheEnd();
            }));
    register(ClientToolsTest::lengthOf);
    Command _ = take(came);

    assertThat(((Command.ToolResult) take(came)).output()).contains(JSON.numberNode(4));
    assertThat(((Command.ToolResult) take(came)).output()).contains(JSON.numberNode(4));
    assertThat(runs).hasValue(1);
  }

  @Test
  void decisions_and_answers_go_to_the_session() throws InterruptedException {
    node.then(
        peer -> {
          peer.opened(4, 1);
          for (int i = 0; i < 4; i++) {
            Command command = peer.next();
            came.add(command);
            peer.done(command);
          }
          peer.nack(peer.next(), ErrorCode.ALREADY_DECIDED).waitForTheEnd();
        });
    ClientSession session = open();

    join(session.approve(CALL));
    join(session.deny(CALL, "not now"));
    join(session.answer(new dev.kantele.protocol.RequestId("r"), arguments("blue")));
    join(session.decline(new dev.kantele.protocol.RequestId("r")));

    assertThat(came)
        .extracting(command -> command.getClass().getSimpleName())
        .containsExactly("ToolDecide", "ToolDecide", "InputAnswer", "InputAnswer");
    assertThat(session.approve(CALL))
        .failsWithin(ClientHarness.LIMIT)
        .withThrowableThat()
        .withCauseInstanceOf(CommandRefusedException.class);
  }
}
