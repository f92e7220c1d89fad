package dev.kantele.runtime.http;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.codec.WireNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.Uri;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The description of the API says what the node does. */
final class OpenApiTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path GOLDEN = Path.of("../protocol/src/test/resources/golden");
  private static final JsonNode DESCRIPTION = description();

  private static JsonNode description() {
    try (var in = OpenApi.class.getResourceAsStream(OpenApi.FILE)) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Schema schema(String name) {
    ObjectNode schema = JSON.createObjectNode().put("$ref", "#/components/schemas/" + name);
    schema.set("components", DESCRIPTION.path("components"));
    return SchemaRegistry.withDefaultDialect(Dialects.getDraft202012()).getSchema(schema);
  }

  private static Set<String> names(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonNode::asText)
        .collect(toCollection(TreeSet::new));
  }

  private static Set<Class<?>> routes(Class<?> route) {
    Set<Class<?>> leaves = new TreeSet<>((a, b) -> a.getName().compareTo(b.getName()));
    for (Class<?> permitted : route.getPermittedSubclasses()) {
      leaves.addAll(permitted.isSealed() ? routes(permitted) : Set.of(permitted));
    }
    return leaves;
  }

  @Test
  void its_paths_are_the_routes() {
    Set<Class<?>> described = new TreeSet<>((a, b) -> a.getName().compareTo(b.getName()));

    DESCRIPTION
        .path("paths")
        .properties()
        .forEach(
            path -> {
              Route route = Route.of(Uri.create(path.getKey().replace("{id}", "s"))).orElseThrow();
              assertThat(described.add(route.getClass())).as(path.getKey()).isTrue();
              List<String> methods = new ArrayList<>();
              path.getValue().fieldNames().forEachRemaining(methods::add);
              assertThat(methods).containsExactly(route.method().name().toLowerCase(Locale.ROOT));
            });

    assertThat(described).isEqualTo(routes(Route.class));
  }

  @Test
  void its_commands_are_those_that_a_request_may_carry() {
    Set<String> expected = new TreeSet<>();
    WireNames.COMMANDS
        .classes()
        .forEach(
            (name, type) -> {
              if (Command.OfSession.class.isAssignableFrom(type)) {
                expected.add(name);
              }
            });
    expected.removeAll(Set.of("session.attach", "session.credit", "session.detach"));

    Set<String> described = new TreeSet<>();
    DESCRIPTION
        .at("/components/schemas/Command/discriminator/mapping")
        .fieldNames()
        .forEachRemaining(described::add);
    assertThat(described).isEqualTo(expected);
    assertThat(DESCRIPTION.at("/components/schemas/Command/oneOf")).hasSize(expected.size());
  }

  @Test
  void its_codes_and_event_types_are_those_of_the_protocol() {
    assertThat(names(DESCRIPTION.at("/components/schemas/ErrorCode/enum")))
        .isEqualTo(
            Arrays.stream(ErrorCode.values())
                .map(ErrorCode::wireName)
                .collect(toCollection(TreeSet::new)));
    assertThat(names(DESCRIPTION.at("/components/schemas/EventType/enum")))
        .isEqualTo(new TreeSet<>(WireNames.EVENTS.classes().keySet()));
  }

  static Stream<Path> goldenCommands() throws IOException {
    Set<String> described = new TreeSet<>();
    DESCRIPTION
        .at("/components/schemas/Command/discriminator/mapping")
        .fieldNames()
        .forEachRemaining(described::add);
    return files("command", described);
  }

  static Stream<Path> goldenReplies() throws IOException {
    return files("reply", Set.of("ack", "nack"));
  }

  static Stream<Path> goldenEvents() throws IOException {
    return files("event", WireNames.EVENTS.classes().keySet());
  }

  private static Stream<Path> files(String family, Set<String> types) throws IOException {
    try (var files = Files.list(GOLDEN.resolve(family))) {
      List<Path> found = new ArrayList<>();
      for (Path file : files.toList()) {
        if (types.contains(JSON.readTree(file.toFile()).path("type").asText())) {
          found.add(file);
        }
      }
      return found.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("goldenCommands")
  void commands_are_as_it_says(Path file) throws IOException {
    assertAsDescribed(file, "Command");
  }

  @ParameterizedTest
  @MethodSource("goldenReplies")
  void replies_are_as_it_says(Path file) throws IOException {
    assertAsDescribed(file, "Reply");
  }

  @ParameterizedTest
  @MethodSource("goldenEvents")
  void events_are_as_it_says(Path file) throws IOException {
    assertThat(schema("Event").validate(JSON.readTree(file.toFile()))).isEmpty();
  }

  private static void assertAsDescribed(Path file, String schema) throws IOException {
    JsonNode message = JSON.readTree(file.toFile());
    assertThat(schema(schema).validate(message)).isEmpty();

    String reference =
        DESCRIPTION
            .at("/components/schemas/" + schema + "/discriminator/mapping")
            .path(message.path("type").asText())
            .asText();
    JsonNode properties = DESCRIPTION.at(reference.substring(1) + "/properties");
    message
        .fieldNames()
        .forEachRemaining(
            field -> assertThat(properties.has(field)).as("%s of %s", field, file).isTrue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"prompt\"}",
        "{\"type\":\"prompt\",\"content\":[]}",
        "{\"type\":\"prompt\",\"content\":[{\"type\":\"song\"}]}",
        "{\"type\":\"cancel\",\"deadline_ms\":-1}",
        "{\"type\":\"session.list\"}",
        "{\"type\":\"tool.decide\",\"invocation\":\"i\",\"decision\":\"perhaps\"}"
      })
  void what_the_node_refuses_is_not_described(String command) throws IOException {
    assertThat(schema("Command").validate(JSON.readTree(command))).isNotEmpty();
  }
}
