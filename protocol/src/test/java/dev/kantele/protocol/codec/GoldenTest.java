package dev.kantele.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenTest {
  private final WireCodec codec = new WireCodec();

  static List<Golden> commands() {
    return Golden.all("command");
  }

  static List<Golden> replies() {
    return Golden.all("reply");
  }

  static List<Golden> events() {
    return Golden.all("event");
  }

  @Test
  void every_command_has_a_golden_file() {
    assertThat(names(commands())).isEqualTo(WireNames.COMMANDS.classes().keySet());
  }

  @Test
  void every_reply_has_a_golden_file() {
    assertThat(names(replies())).isEqualTo(WireNames.REPLIES.classes().keySet());
  }

  @Test
  void every_event_has_a_golden_file() {
    assertThat(names(events())).containsAll(WireNames.EVENTS.classes().keySet()).contains("x-mood");
  }

  @Test
  void every_ack_body_has_a_golden_file() {
    Set<Class<?>> bodies =
        replies().stream()
            .map(golden -> codec.decodeReply(golden.json().getBytes(UTF_8)))
            .flatMap(reply -> reply instanceof Reply.Ack ack ? Stream.of(ack.body()) : null)
            .map(Object::getClass)
            .collect(Collectors.toSet());

    assertThat(bodies)
        .containsExactlyInAnyOrderElementsOf(Arrays.asList(AckBody.class.getPermittedSubclasses()));
  }

  @Test
  void every_part_is_in_a_golden_file() {
    Set<String> types =
        Stream.of(commands(), events())
            .flatMap(List::stream)
            .flatMap(golden -> tree(golden.json()).findValues("content").stream())
            .flatMap(content -> content.findValuesAsText("type").stream())
            .collect(Collectors.toSet());

    assertThat(types).containsAll(WireNames.PARTS.classes().keySet());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void a_command_reads_and_writes_as_its_golden_file(Golden golden) {
    Command command = Frames.accepted(codec.decodeCommand(golden.json()));

    assertThat(WireNames.nameOf(command.getClass())).contains(golden.name());
    assertThat(codec.encode(command)).asString(UTF_8).isEqualTo(golden.json());
  }

  @ParameterizedTest
  @MethodSource("replies")
  void a_reply_reads_and_writes_as_its_golden_file(Golden golden) {
    Reply reply = codec.decodeReply(golden.json().getBytes(UTF_8));

    assertThat(WireNames.nameOf(reply.getClass())).contains(golden.name());
    assertThat(codec.encode(reply)).asString(UTF_8).isEqualTo(golden.json());
  }

  @ParameterizedTest
  @MethodSource("events")
  void an_event_reads_and_writes_as_its_golden_file(Golden golden) {
    Event event = codec.decodeEvent(golden.json().getBytes(UTF_8));

    assertThat(codec.encode(event)).asString(UTF_8).isEqualTo(golden.json());
  }

  private static Set<String> names(List<Golden> files) {
    return files.stream().map(Golden::name).collect(Collectors.toSet());
  }

  private static JsonNode tree(String json) {
    return Frames.tree(json);
  }
}
