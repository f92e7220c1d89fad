package dev.kantele.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SnapshotState;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What is written is what is read, on the wire and in a journal. */
class RoundTripProperties {
  private static final ObjectMapper CBOR = WireMapper.on(new CBORFactory());

  private final WireCodec codec = new WireCodec();

  /** A value that holds messages, as a journal's own records do. */
  record Entry(EventBody body, Part part, Reply reply, AckBody ack, List<EventBody.Live> live) {}

  @Property(tries = 500)
  void a_command_survives_the_wire(@ForAll Random random) {
    Command command = new RandomMessages(random).nextCommand();

    assertThat(Frames.accepted(codec.decodeCommand(codec.encode(command)))).isEqualTo(command);
  }

  @Property(tries = 500)
  void a_reply_survives_the_wire(@ForAll Random random) {
    Reply reply = new RandomMessages(random).next(Reply.class);

    assertThat(codec.decodeReply(codec.encode(reply))).isEqualTo(reply);
  }

  @Property(tries = 1_000)
  void an_event_survives_the_wire(@ForAll Random random) {
    Event event = new RandomMessages(random).next(Event.class);

    assertThat(codec.decodeEvent(codec.encode(event))).isEqualTo(event);
  }

  @Property(tries = 200)
  void numbers_are_framed_as_they_are(@ForAll Random random) {
    var messages = new RandomMessages(random);
    Covers covers = messages.next(Covers.class);
    Event event = messages.next(Event.class);

    byte[] frame = codec.frame(covers, codec.encodeBody(event.session(), event.at(), event.body()));

    assertThat(codec.decodeEvent(frame).covers()).isEqualTo(covers);
  }

  @Property(tries = 500)
  void every_message_survives_a_journal(@ForAll Random random) {
    var messages = new RandomMessages(random);

    assertSurvives(messages.next(EventBody.class), EventBody.class);
    assertSurvives(messages.next(Part.class), Part.class);
    assertSurvives(messages.next(Reply.class), Reply.class);
    assertSurvives(messages.next(AckBody.class), AckBody.class);
    assertSurvives(messages.next(Command.class), Command.class);
    assertSurvives(messages.next(Event.class), Event.class);
    assertSurvives(messages.next(Message.class), Message.class);
    assertSurvives(messages.next(SnapshotState.class), SnapshotState.class);
    assertSurvives(messages.next(Reply.Ack.class), Reply.Ack.class);
    assertSurvives(messages.next(Entry.class), Entry.class);
  }

  private static <T> void assertSurvives(T value, Class<T> type) {
    try {
      assertThat(CBOR.readValue(CBOR.writeValueAsBytes(value), type)).isEqualTo(value);
      ObjectMapper json = WireMapper.json();
      assertThat(json.readValue(json.writeValueAsBytes(value), type)).isEqualTo(value);
    } catch (IOException e) {
      throw new AssertionError(value.toString(), e);
    }
  }
}
