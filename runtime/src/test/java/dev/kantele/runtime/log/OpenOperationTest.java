package dev.kantele.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.protocol.EventBody.ReasoningDelta;
import dev.kantele.protocol.EventBody.TextDelta;
import dev.kantele.protocol.EventBody.ToolCallDelta;
import dev.kantele.protocol.EventBody.ToolOutput;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Progress;
import dev.kantele.protocol.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a running stream or tool call has said, merged. */
class OpenOperationTest {
  @Nested
  class AStream {
    private final OpenStreamText stream = new OpenStreamText(TestLog.TURN, TestLog.STREAM);
    private final InvocationId call = new InvocationId("stream.2");

    private ToolCallDelta callDelta(Optional<String> name, String arguments) {
      return new ToolCallDelta(TestLog.TURN, TestLog.STREAM, 2, call, name, arguments);
    }

    /** 10 reasoning "hm", 11 text "he", 13 a call of look, 14 text "llo", 16 its arguments. */
    private OpenStreamText speaking() {
      stream.append(10, new ReasoningDelta(TestLog.TURN, TestLog.STREAM, 0, "hm"));
      stream.append(11, TestLog.text(1, "he"));
      stream.append(13, callDelta(Optional.of("look"), ""));
      stream.append(14, TestLog.text(1, "llo"));
      stream.append(16, callDelta(Optional.empty(), "{}"));
      return stream;
    }

    @Test
    void is_one_event_a_part() {
      assertThat(speaking().merged(0, 16))
          .containsExactly(
              new ReasoningDelta(TestLog.TURN, TestLog.STREAM, 0, "hm"),
              TestLog.text(1, "hello"),
              callDelta(Optional.of("look"), "{}"));
      assertThat(stream.mergedLength(0, 16)).isEqualTo(9);
    }

    @Test
    void of_a_stretch_is_what_was_said_in_it() {
      assertThat(speaking().merged(11, 15))
          .containsExactly(TestLog.text(1, "llo"), callDelta(Optional.of("look"), ""));
      assertThat(stream.mergedLength(11, 15)).isEqualTo(3);
    }

    @Test
    void names_a_call_once() {
      assertThat(speaking().merged(13, 16))
          .containsExactly(TestLog.text(1, "llo"), callDelta(Optional.empty(), "{}"));
    }

    @Test
    void of_a_stretch_without_a_word_is_nothing() {
      assertThat(speaking().merged(14, 15)).isEmpty();
      assertThat(stream.merged(16, 20)).isEmpty();
      assertThat(stream.merged(0, 9)).isEmpty();
    }

    @Test
    void begins_with_its_first_event() {
      assertThat(stream.firstLive()).isZero();
      assertThat(speaking().firstLive()).isEqualTo(10);
    }

    @Test
    void is_a_message_of_its_parts() {
      JsonNode arguments = JsonNodeFactory.instance.objectNode();

      Message message =
          speaking()
              .message(
                  false,
                  Map.of(0, "signature"),
                  text -> text.equals("{}") ? Optional.of(arguments) : Optional.empty());

      assertThat(message)
          .isEqualTo(
              Message.of(
                  Role.ASSISTANT,
                  List.of(
                      new Part.Reasoning("hm", Optional.of("signature")),
                      new Part.Text("hello"),
                      new Part.ToolCall(call, "look", arguments))));
    }

    @Test
    void keeps_arguments_that_nobody_can_read_as_they_are() {
      Message message = speaking().message(true, Map.of(), _ -> Optional.empty());

      assertThat(message.partial()).isTrue();
      assertThat(message.content())
          .endsWith(new Part.ToolCall(call, "look", TextNode.valueOf("{}")));
    }

    @Test
    void keeps_a_signature_of_reasoning_that_was_not_told() {
      stream.append(1, TestLog.text(1, "yes"));

      assertThat(stream.message(false, Map.of(0, "signature"), _ -> Optional.empty()).content())
          .containsExactly(new Part.Reasoning("", Optional.of("signature")), new Part.Text("yes"));
    }
  }

  @Nested
  class AToolCall {
    private final OpenToolOutput output = new OpenToolOutput(TestLog.TURN, TestLog.CALL);

    private Optional<Progress> progress(double done) {
      return Optional.of(
          new Progress(OptionalDouble.of(done), OptionalDouble.empty(), Optional.empty()));
    }

    private ToolOutput said(Optional<String> chunk, Optional<Progress> progress) {
      return new ToolOutput(TestLog.TURN, TestLog.CALL, chunk, progress);
    }

    /** 10 "a", 12 progress 1, 13 "b", 15 progress 2. */
    private OpenToolOutput speaking() {
      output.append(10, said(Optional.of("a"), Optional.empty()));
      output.append(12, said(Optional.empty(), progress(1)));
      output.append(13, said(Optional.of("b"), Optional.empty()));
      output.append(15, said(Optional.empty(), progress(2)));
      return output;
    }

    @Test
    void is_its_output_and_its_latest_progress() {
      assertThat(speaking().merged(0, 15)).containsExactly(said(Optional.of("ab"), progress(2)));
    }

    @Test
    void of_a_stretch_is_what_was_said_in_it() {
      assertThat(speaking().merged(10, 13))
          .containsExactly(said(Optional.of("b"), Optional.empty()));
      assertThat(output.merged(13, 15)).containsExactly(said(Optional.empty(), progress(2)));
      assertThat(output.merged(15, 20)).isEmpty();
    }

    @Test
    void is_measured_by_its_output() {
      assertThat(speaking().mergedLength(0, 15)).isEqualTo(2);
      assertThat(output.mergedLength(10, 15)).isEqualTo(1);
    }

    @Test
    void begins_with_its_first_event_even_if_that_is_progress() {
      output.append(7, said(Optional.empty(), progress(1)));
      output.append(8, said(Optional.of("a"), Optional.empty()));

      assertThat(output.firstLive()).isEqualTo(7);
    }
  }

  @Test
  void text_is_not_taken_for_a_tools_output() {
    var output = new OpenToolOutput(TestLog.TURN, TestLog.CALL);

    output.append(1, new TextDelta(TestLog.TURN, TestLog.STREAM, 0, "text"));

    assertThat(output.merged(0, 1)).isEmpty();
    assertThat(output.firstLive()).isZero();
  }
}
