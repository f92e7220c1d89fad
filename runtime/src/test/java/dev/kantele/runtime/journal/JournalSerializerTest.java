package dev.kantele.runtime.journal;

import static dev.kantele.runtime.journal.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.typesafe.config.ConfigFactory;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.log.JournalRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class JournalSerializerTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          "serializer",
          ConfigFactory.parseString(
                  """
                  kantele.serialization.types.test = "%s"
                  pekko.actor.serialization-bindings {
                    "dev.kantele.runtime.journal.JournalSerializerTest$Renamed" = kantele
                    "dev.kantele.runtime.journal.JournalSerializerTest$Question" = kantele
                    "dev.kantele.runtime.journal.JournalSerializerTest$Unregistered" = kantele
                  }
                  """
                      .formatted(Types.class.getName()))
              .withFallback(JournalConfig.memory())
              .withFallback(ConfigFactory.load()));

  private final Serialization serialization = SerializationExtension.get(KIT.system());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Nested
  class JournalRecords {
    @Test
    void of_every_content_come_back_as_they_were() {
      for (boolean full : List.of(true, false)) {
        List<JournalRecord> rows = new Samples(full).journalRecords();
        assertThat(rows).hasSizeGreaterThan(30);
        for (JournalRecord row : rows) {
          assertThat(roundTrip(row)).isEqualTo(row);
        }
      }
    }

    @Test
    void hold_every_kind_of_content_that_there_is() {
      List<Class<?>> written =
          new Samples(true)
              .journalRecords().stream()
                  .<Class<?>>map(
                      row ->
                          row.content() instanceof JournalRecord.Visible visible
                              ? visible.body().getClass()
                              : row.content().getClass())
                  .toList();

      assertThat(written)
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(
                      Samples.leaves(EventBody.Durable.class),
                      Samples.leaves(JournalRecord.Note.class))
                  .collect(Collectors.toSet()));
    }

    @Test
    void have_the_manifest_of_their_version() {
      assertThat(Serializers.manifestFor(serialization.findSerializerFor(row(1)), row(1)))
          .isEqualTo("journal-record:1");
    }

    @Test
    void keep_a_text_that_is_larger_than_what_clients_may_send() {
      JournalRecord large = row(1, "x".repeat(30_000_000));
      assertThat(roundTrip(large)).isEqualTo(large);
    }
  }

  /** Rows that version 1 wrote. Lines are added for new contents, and never changed. */
  @Nested
  class GoldenRows {
    private final Properties golden = load();

    @Test
    void are_read_as_they_were_written() {
      expected()
          .forEach(
              (name, row) ->
                  assertThat(
                          serialization
                              .deserialize(
                                  Base64.getDecoder().decode(golden.getProperty(name, "")),
                                  25_651,
                                  "journal-record:1")
                              .get())
                      .as(name)
                      .isEqualTo(row));
    }

    @Test
    void are_what_is_written_today() throws IOException {
      Map<String, String> written = new TreeMap<>();
      expected()
          .forEach(
              (name, row) ->
                  written.put(
                      name,
                      Base64.getEncoder().encodeToString(serialization.serialize(row).get())));
      Path today = Path.of("target", "journal-record-1.properties");
      Files.write(today, written.entrySet().stream().map(Object::toString).toList());

      assertThat(written)
          .as(
              "what is written today, as in %s; a changed format needs a new version and an"
                  + " upcast, new contents need new lines",
              today)
          .isEqualTo(new TreeMap<>(golden));
    }

    private static Map<String, JournalRecord> expected() {
      Map<String, JournalRecord> rows = new TreeMap<>();
      for (boolean full : List.of(true, false)) {
        for (JournalRecord row : new Samples(full).journalRecords()) {
          rows.put(name(row) + (full ? ".full" : ".bare"), row);
        }
      }
      return rows;
    }

    private static String name(JournalRecord row) {
      return row.content() instanceof JournalRecord.Visible visible
          ? visible.body().getClass().getSimpleName()
          : row.content().getClass().getSimpleName();
    }

    private static Properties load() {
      try (InputStream in =
          JournalSerializerTest.class.getResourceAsStream("journal-record-1.properties")) {
        Properties golden = new Properties();
        golden.load(in);
        return golden;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** As version 1 wrote them, in hexadecimal. */
  @Nested
  class TheBusySet {
    @Test
    void keeps_its_changes() {
      assertGolden(
          new BusyLog.Changed(List.of(new SessionId("a"), new SessionId("b")), List.of()),
          "busy-changed:1",
          "bf67656e7465726564826161616264" + "6c65667480ff");
    }

    @Test
    void keeps_its_members() {
      assertGolden(
          new BusyLog.Members(List.of(new SessionId("a"), new SessionId("b"))),
          "busy-members:1",
          "bf6873657373696f6e738261616162ff");
    }

    private void assertGolden(Object value, String manifest, String hex) {
      Serialized written = Serialized.of(serialization, value);
      assertThat(written.manifest()).isEqualTo(manifest);
      assertThat(HexFormat.of().formatHex(written.bytes().toArray())).isEqualTo(hex);
      assertThat(serialization.deserialize(HexFormat.of().parseHex(hex), 25_651, manifest).get())
          .isEqualTo(value);
    }
  }

  @Nested
  class Versions {
    @Test
    void that_are_older_are_brought_up_to_date_step_by_step() throws IOException {
      byte[] old =
          new ObjectMapper(new CBORFactory()).writeValueAsBytes(Map.of("title", "a", "other", 1));

      assertThat(serialization.deserialize(old, 25_651, "test.renamed:1").get())
          .isEqualTo(new Renamed("a", "was title"));
    }

    @Test
    void that_are_newer_are_refused_by_name() {
      assertThatThrownBy(
              () -> serialization.deserialize(new byte[0], 25_651, "test.renamed:4").get())
          .hasMessage(
              "test.renamed:4 was written by a newer version (this one reads up to"
                  + " test.renamed:3)");
    }

    @Test
    void that_are_no_number_are_refused() {
      for (String manifest : List.of("test.renamed:x", "test.renamed:", "nothing:1", "", ":")) {
        assertThatThrownBy(() -> serialization.deserialize(new byte[0], 25_651, manifest).get())
            .isInstanceOf(NotSerializableException.class)
            .hasMessageContaining(manifest);
      }
    }

    @Test
    void need_an_upcast_each() {
      assertThatThrownBy(() -> new SerializableType<>("a", 2, String.class, Map.of()))
          .hasMessage("a: no upcast from version 1");
    }
  }

  @Nested
  class OtherTypes {
    @Test
    void may_hold_references_to_actors() {
      TestProbe<String> probe = KIT.createTestProbe();
      Question question = (Question) roundTrip(new Question("who?", probe.ref()));

      question.replyTo().tell("me");

      probe.expectMessage("me");
    }

    @Test
    void are_refused_if_no_table_has_them() {
      assertThatThrownBy(() -> serialization.serialize(new Unregistered(1)).get())
          .hasMessage(
              Unregistered.class.getName() + " is in no table of kantele.serialization.types");
    }

    @Test
    void that_are_damaged_are_refused_with_the_manifest() {
      List<byte[]> damaged = new ArrayList<>();
      byte[] whole = serialization.serialize(row(1)).get();
      damaged.add(new byte[] {1, 2, 3});
      damaged.add(Arrays.copyOf(whole, whole.length / 2));
      for (byte[] bytes : damaged) {
        assertThatThrownBy(() -> serialization.deserialize(bytes, 25_651, "journal-record:1").get())
            .isInstanceOf(NotSerializableException.class)
            .hasMessageContaining("journal-record:1");
      }
    }
  }

  private Object roundTrip(Object object) {
    return Serialized.of(serialization, object).read(serialization);
  }

  record Renamed(String name, String comment) {}

  record Question(String text, ActorRef<String> replyTo) {}

  record Unregistered(int number) {}

  /** Named in the configuration above. */
  static final class Types implements SerializableTypes {
    @Override
    public List<SerializableType<?>> types() {
      return List.of(
          SerializableType.of("test.renamed", Renamed.class)
              .then(tree -> tree.put("comment", "was title"))
              .then(tree -> tree.set("name", tree.remove("title"))),
          SerializableType.of("test.question", Question.class));
    }
  }
}
