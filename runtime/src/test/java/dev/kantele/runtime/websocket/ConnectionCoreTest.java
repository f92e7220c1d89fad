package dev.kantele.runtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.Secret;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.security.Authentication;
import dev.kantele.runtime.security.Quotas;
import dev.kantele.runtime.security.TokenBucket;
import dev.kantele.runtime.websocket.frame.CloseCode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class ConnectionCoreTest {
  private static final SessionId SESSION = new SessionId("s");
  private static final ClientKey CLIENT = new ClientKey("anna", new ClientId("editor"));
  private static final Reply.Limits LIMITS = new Reply.Limits(1_000, 10, 2, 5);
  private static final Authentication ANNA = new Authentication.Authenticated("anna");
  private static final String HELLO =
      """
      {"type":"hello","id":"h","versions":[1],"client":"editor","token":"secret"}""";

  private final WireCodec codec = new WireCodec();
  private final WebSocketSettings settings =
      TestSettings.webSocket(
          "max-subscriptions = 2, max-commands-in-flight = 3, commands-per-second = 10,"
              + " command-burst = 20, heartbeat = 7s, hello-timeout = 3s");
  private final Quotas quotas = new Quotas(new Quotas.Limits(1, 1, 10, 25));
  private final Subscriptions subscriptions =
      new Subscriptions(
          settings, codec, Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC));
  private final ConnectionCore core =
      new ConnectionCore(
          settings,
          LIMITS,
          new TokenBucket(settings.commandsPerSecond(), settings.commandBurst(), 0),
          quotas,
          subscriptions);

  private List<Effect> receive(String json) {
    return core.received(codec.decodeCommand(json), 0);
  }

  private List<Effect> receive(String type, String id, String fields) {
    return receive("{\"type\":\"%s\",\"id\":\"%s\"%s}".formatted(type, id, fields));
  }

  private List<Effect> attach(String session, String id) {
    return receive("session.attach", id, ",\"after\":0,\"session\":\"" + session + "\"");
  }

  private static Effect done(String id) {
    return new Effect.SendReply(Reply.Ack.of(new CommandId(id), new AckBody.Done()));
  }

  private static Reply attached(String id) {
    return Reply.Ack.of(new CommandId(id), new AckBody.Attached(new LogId("log"), 9, 1));
  }

  private static ErrorCode refusal(Effect effect) {
    assertThat(effect).isInstanceOf(Effect.SendReply.class);
    Reply reply = ((Effect.SendReply) effect).reply();
    assertThat(reply).isInstanceOf(Reply.Nack.class);
    return ((Reply.Nack) reply).error().code();
  }

  private static void assertRefused(List<Effect> effects, ErrorCode code) {
    assertThat(effects).singleElement().satisfies(e -> assertThat(refusal(e)).isEqualTo(code));
  }

  private static void assertRefusedAndClosed(
      List<Effect> effects, ErrorCode code, CloseCode close) {
    assertThat(effects).hasSize(2);
    assertThat(refusal(effects.getFirst())).isEqualTo(code);
    assertThat(effects.getLast())
        .isInstanceOfSatisfying(
            Effect.Close.class, closing -> assertThat(closing.code()).isEqualTo(close));
  }

  private void open() {
    receive(HELLO);
    core.authenticated(1, ANNA);
  }

  @Nested
  class Awaiting_hello {
    @Test
    void asks_the_authenticator_and_reads_nothing_meanwhile() {
      assertThat(core.takesMessages()).isTrue();

      assertThat(receive(HELLO))
          .containsExactly(new Effect.Authenticate(1, Optional.of(new Secret("secret"))));
      assertThat(core.takesMessages()).isFalse();
    }

    @Test
    void lives_on_after_something_that_is_no_json() {
      List<Effect> effects = receive("no json");

      assertRefused(effects, ErrorCode.INVALID_MESSAGE);
      assertThat(core.takesMessages()).isTrue();
    }

    @Test
    void ends_at_any_other_command() {
      assertRefusedAndClosed(
          receive("ping", "p", ""), ErrorCode.INVALID_MESSAGE, CloseCode.BAD_HELLO);
    }

    @Test
    void ends_where_the_principal_has_as_many_connections_as_it_may_have() {
      assertThat(quotas.enter("anna")).isTrue();
      receive(HELLO);

      assertRefusedAndClosed(
          core.authenticated(1, ANNA), ErrorCode.RATE_LIMITED, CloseCode.GOING_AWAY);
    }

    @Test
    void ends_at_a_hello_that_can_not_be_read() {
      assertRefusedAndClosed(
          receive("hello", "h", ",\"versions\":[1]"),
          ErrorCode.INVALID_ARGUMENT,
          CloseCode.BAD_HELLO);
    }

    @Test
    void ends_at_a_hello_without_version_1() {
      assertRefusedAndClosed(
          receive("hello", "h", ",\"versions\":[2,3],\"client\":\"c\""),
          ErrorCode.VERSION_MISMATCH,
          CloseCode.BAD_HELLO);
      assertThat(core.takesMessages()).isFalse();
    }

    @Test
    void ends_when_the_time_is_over() {
      assertThat(core.helloTimedOut())
          .containsExactly(
              new Effect.Close(CloseCode.BAD_HELLO, "No hello was accepted within 3000 ms."));
    }
  }

  @Nested
  class Authenticating {
    @BeforeEach
    void sayHello() {
      receive(HELLO);
    }

    @Test
    void claims_the_client_and_welcomes_it() {
      assertThat(core.authenticated(1, ANNA))
          .containsExactly(
              new Effect.Claim(CLIENT),
              new Effect.SendReply(
                  new Reply.Welcome(new CommandId("h"), 1, 7_000, LIMITS, List.of())));
      assertThat(core.takesMessages()).isTrue();
      assertThat(core.helloTimedOut()).isEmpty();
    }

    @Test
    void ends_with_what_the_authenticator_says() {
      List<Effect> effects = core.authenticated(1, new Authentication.Refused("No."));

      assertThat(effects)
          .containsExactly(
              new Effect.SendReply(
                  Reply.Nack.of(new CommandId("h"), ErrorCode.UNAUTHENTICATED, "No.")),
              new Effect.Close(CloseCode.UNAUTHENTICATED, "No."));
    }

    @Test
    void lets_the_client_try_again_if_the_authenticator_broke() {
      assertRefused(core.failed(1, "4711"), ErrorCode.INTERNAL);

      assertThat(core.takesMessages()).isTrue();
      assertThat(receive(HELLO)).hasSize(1);
    }

    @Test
    void ends_when_the_time_is_over() {
      assertThat(core.helloTimedOut()).hasSize(1);

      assertThat(core.authenticated(1, ANNA)).as("a late answer").isEmpty();
    }

    @Test
    void ends_from_outside() {
      assertThat(core.close(CloseCode.GOING_AWAY, "bye"))
          .containsExactly(new Effect.Close(CloseCode.GOING_AWAY, "bye"));
      assertThat(core.failed(1, "4711")).isEmpty();
    }

    @Test
    void reads_nothing() {
      assertThatThrownBy(() -> receive("ping", "p", "")).isInstanceOf(IllegalStateException.class);
    }
  }

  @Nested
  class Open {
    @BeforeEach
    void openIt() {
      open();
    }

    @Test
    void refuses_a_second_hello() {
      assertRefused(receive(HELLO), ErrorCode.INVALID_MESSAGE);
    }

    @Test
    void answers_a_ping() {
      assertThat(receive("ping", "p", ""))
          .containsExactly(new Effect.SendReply(new Reply.Pong(new CommandId("p"))));
    }

    @Test
    void hands_commands_to_their_session_and_replies_back() {
      List<Effect> effects = receive("session.status", "x", ",\"session\":\"s\"");
      assertThat(effects)
          .containsExactly(
              new Effect.Submit(2, CLIENT, new Command.SessionStatus(new CommandId("x"), SESSION)));

      Reply reply = Reply.Ack.of(new CommandId("x"), new AckBody.Done());
      assertThat(core.replied(2, reply)).containsExactly(new Effect.SendReply(reply));
      assertThat(core.replied(2, reply)).as("a second reply").isEmpty();
    }

    @Test
    void reads_on_only_while_few_commands_are_on_their_way() {
      for (int i = 2; i <= 4; i++) {
        assertThat(core.takesMessages()).isTrue();
        receive("session.status", "x" + i, ",\"session\":\"s\"");
      }
      assertThat(core.takesMessages()).isFalse();

      core.replied(3, Reply.Ack.of(new CommandId("x3"), new AckBody.Done()));
      assertThat(core.takesMessages()).isTrue();
    }

    @Test
    void asks_for_lists() {
      assertThat(receive("agents.list", "l", ",\"limit\":3"))
          .containsExactly(
              new Effect.ListPage(
                  2,
                  "anna",
                  new Command.AgentsList(new CommandId("l"), OptionalInt.of(3), Optional.empty())));
    }

    @Test
    void tells_of_a_failure_without_its_text() {
      receive("session.status", "x", ",\"session\":\"s\"");

      assertThat(core.failed(2, "4711"))
          .containsExactly(
              new Effect.SendReply(
                  Reply.Nack.of(
                      new CommandId("x"),
                      ErrorCode.INTERNAL,
                      "The node failed on this command (error 4711); it may be repeated.")));
    }

    @Test
    void refuses_what_can_not_be_read() {
      assertRefused(receive("[]"), ErrorCode.INVALID_MESSAGE);
      assertRefused(receive("what", "w", ""), ErrorCode.UNKNOWN_TYPE);
    }

    @Test
    void attaches_and_pulls_after_the_ack() {
      assertThat(attach("s", "a")).singleElement().isInstanceOf(Effect.Submit.class);
      assertThat(subscriptions.nextPull()).isEmpty();

      assertThat(core.replied(2, attached("a"))).hasSize(1);

      assertThat(subscriptions.nextPull()).isPresent();
    }

    @Test
    void pulls_nothing_if_the_attach_is_refused() {
      attach("s", "a");
      core.replied(2, Reply.Nack.of(new CommandId("a"), ErrorCode.CURSOR_UNKNOWN, "No."));
      attach("s", "b");
      core.failed(3, "4711");

      assertThat(subscriptions.nextPull()).isEmpty();
      assertThat(subscriptions.size()).isZero();
    }

    @Test
    void refuses_more_subscriptions_than_it_may_have() {
      attach("s1", "a");
      attach("s2", "b");

      assertThat(attach("s3", "c"))
          .containsExactly(
              new Effect.SendReply(
                  Reply.Nack.of(
                      new CommandId("c"),
                      ErrorCode.LIMIT_EXCEEDED,
                      "This connection is attached to 3 sessions (expected: at most 2).")));
      assertThat(attach("s2", "d")).singleElement().isInstanceOf(Effect.Submit.class);
    }

    @Test
    void takes_credit_and_detaches_where_something_is_attached() {
      attach("s", "a");
      core.replied(2, attached("a"));

      assertThat(receive("session.credit", "c", ",\"session\":\"s\",\"events\":5"))
          .containsExactly(done("c"));
      assertThat(receive("session.detach", "d", ",\"session\":\"s\"")).containsExactly(done("d"));
      assertRefused(
          receive("session.detach", "e", ",\"session\":\"s\""), ErrorCode.INVALID_ARGUMENT);
      assertRefused(
          receive("session.credit", "f", ",\"session\":\"s\",\"events\":5"),
          ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void tells_when_a_log_is_gone_or_can_not_be_read() {
      attach("s", "a");
      core.replied(2, attached("a"));
      subscriptions.nextPull();
      assertThat(core.pulled(2, new PullReply.Detached("erased", "Gone.")))
          .singleElement()
          .isInstanceOf(Effect.SendEvent.class);

      attach("s", "b");
      core.replied(3, attached("b"));
      subscriptions.nextPull();
      assertThat(core.pullFailed(3, "4711"))
          .singleElement()
          .extracting(Object::toString)
          .asString()
          .contains("code=internal", "4711");
    }

    @Test
    void takes_a_new_token_of_the_same_principal_only() {
      assertThat(receive("auth.refresh", "r", ",\"token\":\"new\""))
          .containsExactly(new Effect.Authenticate(2, Optional.of(new Secret("new"))));
      assertThat(core.authenticated(2, ANNA)).containsExactly(done("r"));

      receive("auth.refresh", "r", ",\"token\":\"new\"");
      assertRefused(
          core.authenticated(3, new Authentication.Authenticated("ben")), ErrorCode.FORBIDDEN);
      receive("auth.refresh", "r", ",\"token\":\"new\"");
      assertRefused(
          core.authenticated(4, new Authentication.Refused("No.")), ErrorCode.UNAUTHENTICATED);
      receive("auth.refresh", "r", ",\"token\":\"new\"");
      assertRefused(core.failed(5, "4711"), ErrorCode.INTERNAL);
      assertThat(core.takesMessages()).isTrue();
    }

    @Test
    void refuses_commands_of_a_principal_whose_clients_send_too_many_together() {
      open();
      int taken = 0;
      while (quotas.take("anna", 0) == 0) {
        taken++;
      }
      assertThat(taken).isBetween(20, 25);

      assertRefused(receive("ping", "p", ""), ErrorCode.RATE_LIMITED);
    }

    @Test
    void refuses_commands_that_come_too_fast() {
      for (int i = 0; i < 20; i++) {
        receive("ping", "p", "");
      }

      List<Effect> effects = receive("ping", "late", "");
      assertRefused(effects, ErrorCode.RATE_LIMITED);
      Reply.Nack nack = (Reply.Nack) ((Effect.SendReply) effects.getFirst()).reply();
      assertThat(nack.re()).contains(new CommandId("late"));
      assertThat(nack.error().retryAfterMs()).isEqualTo(OptionalLong.of(100));
      assertRefused(receive("no json"), ErrorCode.RATE_LIMITED);
      assertThat(core.received(codec.decodeCommand("{\"type\":\"ping\",\"id\":\"p\"}"), 100))
          .containsExactly(new Effect.SendReply(new Reply.Pong(new CommandId("p"))));
    }

    @Test
    void ends_from_outside_and_then_says_nothing_more() {
      receive("session.status", "x", ",\"session\":\"s\"");
      attach("s", "a");
      assertThat(core.close(CloseCode.REPLACED, "why"))
          .containsExactly(new Effect.Close(CloseCode.REPLACED, "why"));

      assertThat(core.close(CloseCode.GOING_AWAY, "again")).isEmpty();
      assertThat(core.takesMessages()).isFalse();
      assertThat(core.replied(2, attached("x"))).isEmpty();
      assertThat(core.failed(3, "4711")).isEmpty();
      assertThat(core.pulled(3, new PullReply.Detached("x", "y"))).isEmpty();
      assertThat(core.helloTimedOut()).isEmpty();
    }
  }

  @Nested
  class Leaving {
    @BeforeEach
    void openIt() {
      open();
    }

    @Test
    void ends_at_once_if_nothing_is_on_its_way() {
      assertThat(receive("goodbye", "g", ""))
          .containsExactly(done("g"), new Effect.Close(CloseCode.NORMAL, "Goodbye."));
    }

    @Test
    void answers_first_what_was_asked_before() {
      receive("session.status", "x", ",\"session\":\"s\"");
      receive("auth.refresh", "r", ",\"token\":\"new\"");
      assertThat(receive("goodbye", "g", "")).isEmpty();
      assertThat(core.takesMessages()).isFalse();

      assertThat(core.authenticated(3, ANNA)).containsExactly(done("r"));
      assertThat(core.replied(2, Reply.Ack.of(new CommandId("x"), new AckBody.Done())))
          .containsExactly(done("x"), done("g"), new Effect.Close(CloseCode.NORMAL, "Goodbye."));
    }

    @Test
    void does_not_wait_for_what_broke() {
      receive("session.status", "x", ",\"session\":\"s\"");
      receive("goodbye", "g", "");

      assertThat(core.failed(2, "4711")).hasSize(3);
    }

    @Test
    void ends_from_outside() {
      receive("session.status", "x", ",\"session\":\"s\"");
      receive("goodbye", "g", "");

      assertThat(core.close(CloseCode.HEARTBEAT_MISSED, "why")).hasSize(1);
      assertThatThrownBy(() -> receive("ping", "p", "")).isInstanceOf(IllegalStateException.class);
    }
  }
}
