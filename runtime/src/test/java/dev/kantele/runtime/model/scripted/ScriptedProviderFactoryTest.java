package dev.kantele.runtime.model.scripted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelProviders;
import dev.kantele.runtime.model.Requests;
import dev.kantele.runtime.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptedProviderFactoryTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-20T00:41:00Z"), ZoneOffset.UTC);

  @TempDir private Path folder;

  @Test
  void the_demo_is_always_there() {
    assertThat(create("").models()).containsExactly("demo");
  }

  @Test
  void it_is_found_on_the_class_path() {
    assertThat(ModelProviders.load(config(""), CLOCK).list()).containsExactly("scripted/demo");
  }

  @Test
  void scripts_are_models_by_their_key() throws IOException {
    Path file = write("hello.yaml", "- say: hello");

    assertThat(create("scripts { greeter = \"" + file + "\" }").models())
        .containsExactly("demo", "greeter");
  }

  @Test
  void files_of_a_folder_are_models_by_their_name() throws IOException {
    write("one.yaml", "- say: one");
    write("two.yaml", "- say: two");
    write("notes.txt", "no script");

    assertThat(create("folder = \"" + folder + "\"").models())
        .containsExactly("demo", "one", "two");
  }

  @Test
  void a_script_that_is_not_there_is_refused() {
    assertThatThrownBy(() -> create("scripts.x = \"nowhere.yaml\""))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "kantele.models.scripted.scripts.x: 'nowhere.yaml' (expected: the path of a script"
                + " file)");
  }

  @Test
  void a_folder_that_is_not_there_is_refused() {
    assertThatThrownBy(() -> create("folder = \"nowhere\""))
        .hasMessage(
            "kantele.models.scripted.folder: 'nowhere' (expected: a folder that can be read)");
  }

  @Test
  void a_broken_script_is_refused_with_file_and_line() throws IOException {
    Path file = write("broken.yaml", "- say: one\n- shout: two");

    assertThatThrownBy(() -> create("folder = \"" + folder + "\""))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith(file + ":2: {\"shout\":\"two\"} (expected: one step of ");
  }

  @Test
  void a_file_that_is_not_text_is_refused() throws IOException {
    Path file = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xff, 0x00});

    assertThatThrownBy(() -> create("folder = \"" + folder + "\""))
        .hasMessage(file + ": can't be read (expected: a file in UTF-8)");
  }

  @Test
  void the_name_of_the_demo_is_taken() throws IOException {
    Path file = write("demo.yaml", "- say: one");

    assertThatThrownBy(() -> create("folder = \"" + folder + "\""))
        .hasMessage(file + ": there is a model 'demo' already (expected: another name)");
    assertThatThrownBy(() -> create("scripts.demo = \"" + file + "\""))
        .hasMessageEndingWith("(expected: another name than that of the built-in model)");
  }

  @Test
  void a_misspelt_key_is_refused() {
    assertThatThrownBy(() -> create("script = {}"))
        .hasMessage(
            "kantele.models.scripted.script: unknown key (expected: one of scripts, folder,"
                + " call-log, demo)");
  }

  @Test
  void each_call_is_a_line_of_the_log_before_it_is_answered() throws Exception {
    write("hello.yaml", "- say: hello");
    Path log = folder.resolve("calls.jsonl");
    Files.writeString(log, "an earlier line\n");
    ModelProvider provider = create("folder = \"" + folder + "\", call-log = \"" + log + "\"");
    var kit = ActorTestKit.create();
    try {
      for (int attempt = 1; attempt <= 2; attempt++) {
        provider.stream(Requests.of("Hi").model("hello").attempt(attempt).build())
            .runWith(Sink.head(), Materializer.matFromSystem(kit.system()))
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);
      }
    } finally {
      kit.shutdownTestKit();
    }

    assertThat(Files.readAllLines(log))
        .containsExactly(
            "an earlier line",
            "{\"at\":\"2026-11-20T00:41:00Z\",\"session\":\"s\",\"turn\":\"t\",\"stream\":\"st\","
                + "\"attempt\":1,\"model\":\"hello\"}",
            "{\"at\":\"2026-11-20T00:41:00Z\",\"session\":\"s\",\"turn\":\"t\",\"stream\":\"st\","
                + "\"attempt\":2,\"model\":\"hello\"}");
  }

  @Test
  void a_log_that_can_not_be_written_is_refused() {
    assertThatThrownBy(() -> create("call-log = \"" + folder + "\""))
        .hasMessageEndingWith("(expected: a file that can be written)");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static ModelProvider create(String settings) {
    return new ScriptedProviderFactory().create(config(settings), CLOCK);
  }

  private static Config config(String settings) {
    return ConfigFactory.parseString("kantele.models.scripted { " + settings + " }")
        .withFallback(ConfigFactory.parseResources("reference.conf"))
        .resolve()
        .getConfig("kantele");
  }
}
