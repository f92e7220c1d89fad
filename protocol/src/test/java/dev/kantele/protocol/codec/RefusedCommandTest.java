package dev.kantele.protocol.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RefusedCommandTest {
  private static final CodecLimits SMALL = new CodecLimits(2_000, 8, 256, 32, 20, 16, 2, 2);

  private final WireCodec codec = new WireCodec(SMALL);

  static Stream<Arguments> noMessages() {
    return Stream.of(
        nameless("", "The frame is empty (expected: a JSON object)."),
        nameless("nonsense", "The frame is not valid JSON at character 0."),
        nameless("[]", "The frame is no JSON object."),
        nameless("5", "The frame is no JSON object."),
        nameless("{} {}", "The frame holds more than one JSON value."),
        named("{'id':'c1','type':'ping'} x", "The frame is not valid JSON at character 26."),
        named("{'id':'c1','type':", "The frame is not valid JSON at character 18."),
        named("{'id':'c1','a':01}", "The frame is not valid JSON at character 16."),
        named("{'id':'c1','a':NaN}", "The frame is not valid JSON at character 18."),
        named("{'id':'c1',//\n'type':'ping'}", "The frame is not valid JSON at character 11."),
        nameless(
            "{'type':'ping','type':'ping','id':7}", "Field type is given twice (expected: once)."),
        named("{'id':'c1','a':1,'a':2}", "Field a is given twice (expected: once)."),
        named("{'a':1,'a':2,'id':'c1'}", "Field a is given twice (expected: once)."),
        nameless("{'id':'c1','id':'c2'}", "Field id is given twice (expected: once)."),
        named(
            "{'id':'c1','metadata':[{'b':{'a\\n':1,'a\\n':2}}]}",
            "Field metadata[0].b.a\\u000a is given twice (expected: once)."),
        named(
            "{'id':'c1','x':{'t':['ab\\ud800']}}",
            "Field x.t[0] has the lone surrogate U+D800 at character 2 (expected: whole"
                + " characters)."),
        nameless(
            "{'id':'\\udc00'}",
            "Field id has the lone surrogate U+DC00 at character 0 (expected: whole characters)."));
  }

  static Stream<Arguments> noTypes() {
    return Stream.of(
        named(
            "{'id':'c1','type':'tell'}",
            "Field type is \"tell\" (expected: a command of protocol version 1)."),
        named(
            "{'id':'c1','type':'x-mood'}",
            "Field type is \"x-mood\" (expected: a command of protocol version 1)."),
        named(
            "{'id':'c1','type':'turn.started'}",
            "Field type is \"turn.started\" (expected: a command of protocol version 1)."),
        named(
            "{'id':'c1','type':'" + "é".repeat(50) + "'}",
            "Field type is \""
                + "é".repeat(40)
                + "…\" of 50 characters (expected: a command of protocol version 1)."));
  }

  static Stream<Arguments> wrongFields() {
    String session = "a string of 1 to 128 characters of A-Za-z0-9._:-";
    String positive = "an integer of 1 to 9007199254740991";
    String natural = "an integer of 0 to 9007199254740991";
    return Stream.of(
        nameless(
            "{'type':'ping'}",
            wrong("id", "missing", "a string of 1 to 64 characters without control characters")),
        nameless(
            "{'id':7,'type':'ping'}",
            wrong("id", "7", "a string of 1 to 64 characters without control characters")),
        nameless(
            "{'id':'','type':'ping'}",
            wrong("id", "\"\"", "a string of 1 to 64 characters without control characters")),
        nameless(
            "{'id':'" + "a".repeat(65) + "','type':'ping'}",
            wrong(
                "id",
                "\"" + "a".repeat(40) + "…\" of 65 characters",
                "a string of 1 to 64 characters without control characters")),
        nameless(
            "{'id':'a\\u0007','type':'ping'}",
            wrong(
                "id", "\"a\\u0007\"", "a string of 1 to 64 characters without control characters")),
        named("{'id':'c1'}", wrong("type", "missing", "a string")),
        named("{'id':'c1','type':null}", wrong("type", "missing", "a string")),
        named("{'id':'c1','type':['ping']}", wrong("type", "an array of 1 elements", "a string")),
        command("session.detach", "", wrong("session", "missing", session)),
        command("session.detach", "'session':null", wrong("session", "missing", session)),
        command("session.detach", "'session':'a b'", wrong("session", "\"a b\"", session)),
        command("session.detach", "'session':{}", wrong("session", "an object", session)),
        ofSession("session.attach", "", wrong("after", "missing", natural)),
        ofSession("session.attach", "'after':-1", wrong("after", "-1", natural)),
        ofSession("session.attach", "'after':1.0", wrong("after", "1.0", natural)),
        ofSession("session.attach", "'after':1e3", wrong("after", "1000.0", natural)),
        ofSession("session.attach", "'after':'5'", wrong("after", "\"5\"", natural)),
        ofSession("session.attach", "'after':true", wrong("after", "true", natural)),
        ofSession(
            "session.attach",
            "'after':9007199254740992",
            wrong("after", "9007199254740992", natural)),
        ofSession(
            "session.attach",
            "'after':18446744073709551616",
            wrong("after", "18446744073709551616", natural)),
        ofSession("session.attach", "'after':0,'credit':1.5", wrong("credit", "1.5", natural)),
        ofSession(
            "session.attach",
            "'after':0,'log':'*'",
            wrong("log", "\"*\"", "a string of 1 to 64 characters of A-Za-z0-9._:-")),
        ofSession("session.credit", "'events':0", wrong("events", "0", positive)),
        ofSession("session.open", "'agent':1", wrong("agent", "1", "a string")),
        ofSession("session.open", "'agent':true", wrong("agent", "true", "a string")),
        ofSession(
            "session.open",
            "'metadata':[]",
            wrong("metadata", "an array of 0 elements", "an object")),
        ofSession("prompt", "", wrong("content", "missing", "an array of 1 to 2 elements")),
        ofSession(
            "prompt",
            "'content':'Hello'",
            wrong("content", "\"Hello\"", "an array of 1 to 2 elements")),
        ofSession(
            "prompt",
            "'content':[]",
            wrong("content", "an array of 0 elements", "an array of 1 to 2 elements")),
        prompt("5", wrong("content[0]", "5", "an object")),
        prompt(
            "{'type':'text','text':'a'},{'type':'text','text':5}",
            wrong("content[1].text", "5", "a string")),
        prompt("{'type':'text'}", wrong("content[0].text", "missing", "a string")),
        prompt(
            "{'type':'reasoning','text':'a'}",
            wrong("content[0].type", "\"reasoning\"", "one of text, image, file, resource, data")),
        prompt("{'type':'data'}", wrong("content[0].value", "missing", "a JSON value")),
        prompt(
            "{'type':'image','media_type':'image/png'}",
            "Fields content[0].data and content[0].url are both missing (expected: exactly one of"
                + " them)."),
        prompt(
            "{'type':'file','media_type':'a/b','name':'n','data':'','url':''}",
            "Fields content[0].data and content[0].url are both given (expected: exactly one of"
                + " them)."),
        ofSession(
            "prompt",
            "'content':[{'type':'text','text':'a'}],'policy':'Enqueue'",
            wrong("policy", "\"Enqueue\"", "one of enqueue, reject, interrupt, steer, rollback")),
        ofSession(
            "prompt",
            "'content':[{'type':'text','text':'a'}],'seq':0",
            wrong("seq", "0", positive)),
        ofSession(
            "prompt",
            "'content':[{'type':'text','text':'a'}],'deadline_ms':0",
            wrong("deadline_ms", "0", positive)),
        ofSession(
            "tool.decide",
            "'invocation':'i1','decision':'maybe'",
            wrong("decision", "\"maybe\"", "one of approve, deny")),
        ofSession(
            "tool.register",
            "'tools':[{'name':'a b'}]",
            wrong("tools[0].name", "\"a b\"", "1 to 64 characters of A-Za-z0-9_-")),
        ofSession(
            "tool.register",
            "'tools':[{'name':'a','description':'b','input_schema':true}]",
            wrong("tools[0].input_schema", "true", "an object")),
        ofSession(
            "tool.progress",
            "'invocation':'i1'",
            "Fields chunk and progress are both missing (expected: exactly one of them)."),
        ofSession(
            "tool.progress",
            "'invocation':'i1','progress':{'done':'1'}",
            wrong("progress.done", "\"1\"", "a number")),
        ofSession(
            "tool.result",
            "'invocation':'i1'",
            "Fields output and error are both missing (expected: exactly one of them)."),
        ofSession(
            "tool.result",
            "'invocation':'i1','output':1,'error':{'code':'a','message':'b'}",
            "Fields output and error are both given (expected: exactly one of them)."),
        ofSession(
            "tool.result",
            "'invocation':'i1','error':{'code':'a','message':'b','retryable':'no'}",
            wrong("error.retryable", "\"no\"", "true or false")),
        ofSession(
            "input.answer",
            "'request':'r1','declined':false",
            "Fields content and declined are both missing (expected: exactly one of them)."),
        command("session.list", "'limit':1001", wrong("limit", "1001", "an integer of 1 to 1000")),
        command(
            "hello",
            "'versions':[1,1.0],'client':'a'",
            wrong("versions[1]", "1.0", "an integer of 0 to 2147483647")),
        command(
            "hello",
            "'versions':1,'client':'a'",
            wrong("versions", "1", "an array of 0 to 16 elements")),
        command("auth.refresh", "'token':12345", wrong("token", "a number", "a string")));
  }

  static Stream<Arguments> tooMuch() {
    return Stream.of(
        nameless(
            "{'id':'c1','a':'" + "é".repeat(1_000) + "'}",
            "The frame has 2018 bytes (expected: at most 2000)."),
        named(
            "{'id':'c1','a':" + "[".repeat(8) + "]".repeat(8) + "}",
            "Field a[0][0][0][0][0][0][0] is nested 9 levels deep (expected: at most 8)."),
        named(
            "{'id':'c1','a':" + "{'b':".repeat(300),
            "Field a.b.b.b.b.b.b.b is nested 9 levels deep (expected: at most 8)."),
        named(
            "{'a':'" + "b".repeat(257) + "','id':'c1'}",
            "Field a has 257 characters (expected: at most 256)."),
        named(
            "{'" + "b".repeat(257) + "':0,'id':'c1'}",
            "The name of field "
                + "b".repeat(120)
                + "… has 257 characters (expected: at most 256)."),
        named(
            "{'id':'c1','a':[1," + "1".repeat(33) + "]}",
            "Field a[1] is a number of 33 characters (expected: at most 32)."),
        named(
            "{'id':'c1','a':1." + "1".repeat(31) + "}",
            "Field a is a number of 33 characters (expected: at most 32)."),
        named(
            "{'id':'c1','a':-1e400}",
            "Field a is -1e400 (expected: at most 1.7976931348623157E308)."),
        named(
            "{'id':'c1','a':[" + "[],".repeat(20) + "[]]}",
            "Field a has 21 elements (expected: at most 20)."),
        named(
            "{'id':'c1','a':{" + fields(17) + "}}",
            "The object with field a.f16 has 17 fields (expected: at most 16)."),
        prompt(
            "{'type':'text','text':'a'},".repeat(2) + "{}",
            "Field content has 3 elements (expected: at most 2)."),
        ofSession(
            "tool.register",
            "'tools':[1,2,3]",
            "Field tools has 3 elements (expected: at most 2)."));
  }

  @ParameterizedTest
  @MethodSource("noMessages")
  void what_is_no_json_object_is_an_invalid_message(
      String frame, Optional<CommandId> re, String sentence) {
    assertRefused(frame, re, ErrorCode.INVALID_MESSAGE, sentence);
  }

  @ParameterizedTest
  @MethodSource("noTypes")
  void a_command_that_nobody_knows_is_an_unknown_type(
      String frame, Optional<CommandId> re, String sentence) {
    assertRefused(frame, re, ErrorCode.UNKNOWN_TYPE, sentence);
  }

  @ParameterizedTest
  @MethodSource("wrongFields")
  void a_field_that_does_not_fit_is_an_invalid_argument(
      String frame, Optional<CommandId> re, String sentence) {
    assertRefused(frame, re, ErrorCode.INVALID_ARGUMENT, sentence);
  }

  @ParameterizedTest
  @MethodSource("tooMuch")
  void what_is_too_much_exceeds_a_limit(String frame, Optional<CommandId> re, String sentence) {
    assertRefused(frame, re, ErrorCode.LIMIT_EXCEEDED, sentence);
  }

  @Test
  void a_secret_is_not_shown() {
    Decoded.Rejected<Command> refused =
        Frames.rejected(
            codec.decodeCommand("{\"id\":\"c1\",\"type\":\"auth.refresh\",\"token\":90210}"));

    assertThat(refused.error().message()).doesNotContain("90210");
  }

  @Test
  void bytes_that_are_no_utf8_are_an_invalid_message() {
    assertNoUtf8("{\"id\":\"é\"}".getBytes(ISO_8859_1));
    assertNoUtf8("{\"id\":\"c1\"}".getBytes(UTF_16));
    assertNoUtf8(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'});
    assertNoUtf8(new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'});
  }

  @Test
  void a_refusal_makes_a_nack() {
    Decoded.Rejected<Command> refused = Frames.rejected(codec.decodeCommand("{\"id\":\"c1\"}"));

    Reply.Nack nack = refused.nack();

    assertThat(codec.decodeReply(codec.encode(nack))).isEqualTo(nack);
    assertThat(nack.re()).contains(new CommandId("c1"));
  }

  @Test
  void fields_that_nobody_knows_are_ignored() {
    assertThat(
            Frames.accepted(
                codec.decodeCommand(
                    "{\"type\":\"ping\",\"x-trace\":[{}],\"id\":\"c1\",\"session\":5}")))
        .isEqualTo(new Command.Ping(new CommandId("c1")));
  }

  @Test
  void null_counts_as_absent() {
    assertThat(
            Frames.accepted(
                codec.decodeCommand(
                    """
                    {"id":"c1","type":"session.list","limit":null,"page":null}
                    """)))
        .isEqualTo(
            Frames.accepted(codec.decodeCommand("{\"id\":\"c1\",\"type\":\"session.list\"}")));
  }

  private void assertRefused(
      String frame, Optional<CommandId> re, ErrorCode code, String sentence) {
    Decoded.Rejected<Command> asText = Frames.rejected(codec.decodeCommand(frame));
    Decoded.Rejected<Command> asBytes = Frames.rejected(codec.decodeCommand(frame.getBytes(UTF_8)));

    assertThat(asText.error().message()).isEqualTo(sentence);
    assertThat(asText.error().code()).isEqualTo(code);
    assertThat(asText.error().retryable()).isFalse();
    assertThat(asText.re()).isEqualTo(re);
    assertThat(asBytes).isEqualTo(asText);
    assertThat(sentence).doesNotContain("Exception", "com.fasterxml", "dev.kantele");
  }

  private void assertNoUtf8(byte[] frame) {
    Decoded.Rejected<Command> refused = Frames.rejected(codec.decodeCommand(frame));

    assertThat(refused.error().code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
    assertThat(refused.error().message()).isEqualTo("The frame is not valid UTF-8.");
  }

  private static Arguments nameless(String frame, String sentence) {
    return arguments(frame.replace('\'', '"'), Optional.empty(), sentence);
  }

  private static Arguments named(String frame, String sentence) {
    return arguments(frame.replace('\'', '"'), Optional.of(new CommandId("c1")), sentence);
  }

  private static Arguments command(String type, String fields, String sentence) {
    String rest = fields.isEmpty() ? "" : "," + fields;
    return named("{'id':'c1','type':'" + type + "'" + rest + "}", sentence);
  }

  private static Arguments ofSession(String type, String fields, String sentence) {
    return command(type, "'session':'s'" + (fields.isEmpty() ? "" : "," + fields), sentence);
  }

  private static Arguments prompt(String content, String sentence) {
    return ofSession("prompt", "'content':[" + content + "]", sentence);
  }

  private static String wrong(String field, String value, String expected) {
    return "Field " + field + " is " + value + " (expected: " + expected + ").";
  }

  private static String fields(int count) {
    var fields = new StringBuilder();
    for (int i = 0; i < count; i++) {
      fields.append(i == 0 ? "" : ",").append("'f").append(i).append("':").append(i);
    }
    return fields.toString();
  }
}
