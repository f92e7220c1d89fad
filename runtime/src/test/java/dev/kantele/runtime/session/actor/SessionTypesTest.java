package dev.kantele.runtime.session.actor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.codec.Decoded;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.Kantele;
import dev.kantele.runtime.KanteleSettings;
import dev.kantele.runtime.journal.JournalSerializer;
import dev.kantele.runtime.journal.Samples;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.session.SessionState;
import dev.kantele.runtime.session.actor.SessionMessage.Submit;
import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What crosses nodes and what is kept, through a node's own serialization. The examples are made
 * from the sealed families by reflection: a new member that can't be written fails here.
 */
final class SessionTypesTest {
  private static final Kantele NODE =
      Kantele.start(
          KanteleSettings.load()
              .with("kantele.agents.assistant.model", "scripted/demo")
              .inMemory());
  private static final Serialization SERIALIZATION = SerializationExtension.get(NODE.system());
  private static final TestProbe<Object> PROBE = TestProbe.create(NODE.system());
  private static final ClientKey CLIENT = new ClientKey("local", new ClientId("c-1"));

  @AfterAll
  static void stop() {
    NODE.close();
  }

  static Stream<Samples> samples() {
    return Stream.of(new Samples(true, PROBE.ref()), new Samples(false, PROBE.ref()));
  }

  private static <T> T roundTrip(T object, Class<T> type) {
    Serializer serializer = SERIALIZATION.findSerializerFor(object);
    assertThat(serializer).as("serializer of %s", object).isInstanceOf(JournalSerializer.class);
    return type.cast(
        SERIALIZATION
            .deserialize(
                SERIALIZATION.serialize(object).get(),
                serializer.identifier(),
                Serializers.manifestFor(serializer, object))
            .get());
  }

  @Nested
  class MessagesToASession {
    @ParameterizedTest
    @MethodSource("dev.kantele.runtime.session.actor.SessionTypesTest#samples")
    void come_back_as_they_were_if_they_are_remote(Samples samples) {
      assertThat(Samples.leaves(SessionMessage.Remote.class)).hasSizeGreaterThanOrEqualTo(3);
      for (Object message : samples.all(SessionMessage.Remote.class)) {
        assertThat(roundTrip(message, Object.class)).isEqualTo(message);
      }
    }

    @ParameterizedTest
    @MethodSource("dev.kantele.runtime.session.actor.SessionTypesTest#samples")
    void hold_any_command_of_a_session(Samples samples) {
      List<Object> commands = samples.all(Command.OfSession.class);
      assertThat(commands).hasSizeGreaterThan(10);
      for (Object command : commands) {
        var submit = submit((Command.OfSession) command);
        assertThat(roundTrip(submit, Submit.class)).isEqualTo(submit);
      }
    }

    @Test
    void bring_the_answer_back_to_who_asked() {
      Submit came =
          roundTrip(
              submit(
                  (Command.OfSession)
                      new Samples(true, PROBE.ref()).all(Command.SessionStatus.class).getFirst()),
              Submit.class);

      came.replyTo().tell(Reply.Ack.of(new CommandId("a"), new AckBody.Done()));

      PROBE.expectMessage(Reply.Ack.of(new CommandId("a"), new AckBody.Done()));
    }

    @Test
    void that_are_the_sessions_own_do_not_leave_the_node() {
      List<Class<?>> own =
          Samples.leaves(SessionMessage.class)
              .filter(type -> !SessionMessage.Remote.class.isAssignableFrom(type))
              .collect(Collectors.toList());
      assertThat(own).hasSizeGreaterThan(8);
      for (Class<?> type : own) {
        assertThatThrownBy(() -> SERIALIZATION.serializerFor(type))
            .as("%s", type)
            .isInstanceOf(NotSerializableException.class);
      }
    }

    /* Written again, numbers are longer: "1e6" becomes "1000000.0". */
    @ParameterizedTest
    @ValueSource(strings = {"1e6", "-1e6", "1E+9"})
    void pass_however_much_the_largest_frame_of_a_client_grows(String number) {
      String numbers = ("[" + (number + ",").repeat(9_999) + number + "],").repeat(15);
      String start =
          "{\"type\":\"prompt\",\"id\":\"p\",\"session\":\"s\",\"content\":[{\"type\":\"data\",\"value\":["
              + numbers;
      String frame = start + "\"" + "\\/".repeat((1_048_576 - start.length() - 9) / 2) + "\"]}]}";
      assertThat(frame.getBytes(UTF_8).length).isBetween(1_048_500, 1_048_576);
      Submit submit = submit(command(frame));

      assertThat(roundTrip(submit, Submit.class)).isEqualTo(submit);
    }

    @Test
    void pass_if_the_host_made_them_larger_than_any_frame() {
      JsonNode nested = JsonNodeFactory.instance.objectNode();
      for (int level = 0; level < 200; level++) {
        nested = JsonNodeFactory.instance.objectNode().set("level", nested);
      }
      var parts = new ArrayList<Part>();
      parts.add(new Part.Data(nested));
      for (int i = 0; i < 1_000; i++) {
        parts.add(new Part.Text("x".repeat(5_000)));
      }
      Submit submit =
          submit(
              new Command.Prompt(
                  new CommandId("p"),
                  new SessionId("s"),
                  OptionalLong.empty(),
                  parts,
                  Optional.empty(),
                  Optional.empty(),
                  OptionalLong.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty()));

      assertThat(roundTrip(submit, Submit.class)).isEqualTo(submit);
    }

    private Command.OfSession command(String frame) {
      return switch (new WireCodec().decodeCommand(frame)) {
        case Decoded.Ok<Command>(Command.OfSession command) -> command;
        case Decoded.Ok<Command> other -> throw new AssertionError(other);
        case Decoded.Rejected<Command>(_, var error) -> throw new AssertionError(error);
      };
    }

    private Submit submit(Command.OfSession command) {
      return new Submit(CLIENT, command, PROBE.ref().narrow());
    }
  }

  @Nested
  class Answers {
    @ParameterizedTest
    @MethodSource("dev.kantele.runtime.session.actor.SessionTypesTest#samples")
    void to_commands_come_back_as_they_were(Samples samples) {
      var replies = new ArrayList<>(samples.all(Reply.class));
      for (Object body : samples.all(AckBody.class)) {
        replies.add(Reply.Ack.of(new CommandId("a"), (AckBody) body));
      }
      assertThat(replies).hasSizeGreaterThan(12);
      for (Object reply : replies) {
        assertThat(roundTrip(reply, Object.class)).isEqualTo(reply);
      }
    }

    @Test
    void to_pulls_have_an_example_each() {
      assertThat(Samples.leaves(PullReply.class))
          .containsExactlyInAnyOrder(PullReply.Batch.class, PullReply.Detached.class);
      var detached = new PullReply.Detached("code", "message");
      assertThat(roundTrip(detached, PullReply.class)).isEqualTo(detached);
    }

    @ParameterizedTest
    @MethodSource("dev.kantele.runtime.session.actor.SessionTypesTest#samples")
    void to_pulls_hold_any_event(Samples samples) {
      List<Delivery> deliveries =
          samples.all(EventBody.class).stream()
              .filter(body -> !(body instanceof EventBody.Unknown))
              .map(body -> new Delivery(new Covers(1, 2), samples.entry(body)))
              .toList();
      assertThat(deliveries).hasSizeGreaterThan(30);
      var next = new Cursor(new LogId("l-1"), 2, /* shared= */ true);

      for (Delivery delivery : deliveries) {
        var batch = new PullReply.Batch(List.of(delivery), next);
        PullReply.Batch came = roundTrip(batch, PullReply.Batch.class);
        assertThat(came.next()).isEqualTo(next);
        assertThat(came.deliveries()).extracting(Delivery::event).containsExactly(delivery.event());
      }
    }
  }

  @Nested
  class WhatIsKept {
    @ParameterizedTest
    @MethodSource("dev.kantele.runtime.session.actor.SessionTypesTest#samples")
    void is_a_snapshot_of_the_whole_state(Samples samples) {
      var state = (SessionState) samples.all(SessionState.class).getFirst();

      assertThat(roundTrip(state, SessionState.class)).isEqualTo(state);
    }

    @Test
    void may_be_the_state_of_a_session_that_never_was() {
      assertThat(roundTrip(SessionState.EMPTY, SessionState.class)).isEqualTo(SessionState.EMPTY);
    }
  }

  @Nested
  class JavaSerialization {
    @Test
    void is_off() {
      assertThat(SERIALIZATION.system().settings().AllowJavaSerialization()).isFalse();
      var serializable = new ArrayList<>(List.of(1));
      assertThatThrownBy(() -> SERIALIZATION.serialize(serializable).get())
          .hasMessageContaining("Java serialization");
    }
  }
}
