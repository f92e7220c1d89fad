package dev.kantele.cluster.node;

import static dev.kantele.cluster.node.NodeOption.DATA;
import static dev.kantele.cluster.node.NodeOption.HOST;
import static dev.kantele.cluster.node.NodeOption.JOURNAL;
import static dev.kantele.cluster.node.NodeOption.MODEL;
import static dev.kantele.cluster.node.NodeOption.PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import dev.kantele.runtime.KanteleSettings;
import dev.kantele.runtime.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeConfigTest {
  private static final Map<String, String> NO_ENVIRONMENT = Map.of();

  @TempDir private Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("node.conf"), content);
  }

  private static Config settings(Config config) {
    return KanteleSettings.from(config).config();
  }

  @Nested
  class Precedence {
    @ParameterizedTest
    @CsvSource({
      "DATA,    kantele.data,         KANTELE_DATA,    .kantele",
      "MODEL,   kantele.model,        KANTELE_MODEL,   scripted/demo",
      "JOURNAL, kantele.journal.kind, KANTELE_JOURNAL, sqlite",
      "HOST,    kantele.http.host,    KANTELE_HOST,    127.0.0.1",
      "PORT,    kantele.http.port,    KANTELE_PORT,    8080"
    })
    void is_option_then_environment_then_file_then_reference(
        NodeOption option, String key, String variable, String reference) throws IOException {
      Optional<Path> file = Optional.of(file(key + " = \"from-file\""));
      Map<String, String> environment = Map.of(variable, "from-environment");
      Map<NodeOption, String> options = Map.of(option, "from-option");

      assertThat(settings(NodeConfig.load(options, file, environment)).getString(key))
          .isEqualTo("from-option");
      assertThat(settings(NodeConfig.load(Map.of(), file, environment)).getString(key))
          .isEqualTo("from-environment");
      assertThat(settings(NodeConfig.load(Map.of(), file, NO_ENVIRONMENT)).getString(key))
          .isEqualTo("from-file");
      assertThat(
              settings(NodeConfig.load(Map.of(), Optional.empty(), NO_ENVIRONMENT)).getString(key))
          .isEqualTo(reference);
    }

    @Test
    void lets_several_options_stand_beside_each_other() {
      Config config =
          NodeConfig.load(
              Map.of(HOST, "localhost", PORT, "9", DATA, "d", MODEL, "p/m", JOURNAL, "memory"),
              Optional.empty(),
              NO_ENVIRONMENT);

      assertThat(config.getString("kantele.http.host")).isEqualTo("localhost");
      assertThat(config.getInt("kantele.http.port")).isEqualTo(9);
      assertThat(config.getString("kantele.data")).isEqualTo("d");
      assertThat(config.getString("kantele.model")).isEqualTo("p/m");
      assertThat(config.getString("kantele.journal.kind")).isEqualTo("memory");
    }

    @Test
    void reaches_what_is_derived_from_a_setting() {
      Config config = NodeConfig.load(Map.of(MODEL, "p/m"), Optional.empty(), NO_ENVIRONMENT);

      assertThat(settings(config).getString("kantele.agent-defaults.model")).isEqualTo("p/m");
    }

    @Test
    void takes_an_empty_variable_for_none() {
      Config config =
          NodeConfig.load(
              Map.of(), Optional.empty(), Map.of("KANTELE_MODEL", "", "KANTELE_CONFIG", ""));

      assertThat(settings(config).getString("kantele.model")).isEqualTo("scripted/demo");
    }

    @Test
    void prefers_the_file_that_is_named_by_option() throws IOException {
      Path other = Files.writeString(folder.resolve("other.conf"), "kantele.model = other/m");
      Map<String, String> environment = Map.of("KANTELE_CONFIG", other.toString());

      assertThat(
              NodeConfig.load(Map.of(), Optional.empty(), environment).getString("kantele.model"))
          .isEqualTo("other/m");
      assertThat(
              NodeConfig.load(Map.of(), Optional.of(file("kantele.model = p/m")), environment)
                  .getString("kantele.model"))
          .isEqualTo("p/m");
    }

    @Test
    void lets_a_file_change_what_a_node_sets_for_itself() throws IOException {
      Config config =
          NodeConfig.load(
              Map.of(), Optional.of(file("pekko.log-dead-letters = on")), NO_ENVIRONMENT);

      assertThat(config.getBoolean("pekko.log-dead-letters")).isTrue();
      assertThat(config.getBoolean("pekko.log-dead-letters-during-shutdown")).isFalse();
    }
  }

  @Nested
  class A_file {
    @Test
    void that_is_missing_is_named() {
      Path missing = folder.resolve("missing.conf");

      assertThatThrownBy(() -> NodeConfig.load(Map.of(), Optional.of(missing), NO_ENVIRONMENT))
          .isInstanceOf(SettingsException.class)
          .hasMessage(
              "configuration file %s does not exist; name another by --config or KANTELE_CONFIG"
                  .formatted(missing));
    }

    @Test
    void that_is_no_hocon_is_named_with_its_line() throws IOException {
      Path broken = file("kantele {\n  model = \"p/m\"\n  http { port = [ }\n}\n");

      assertThatThrownBy(() -> NodeConfig.load(Map.of(), Optional.of(broken), NO_ENVIRONMENT))
          .isInstanceOf(SettingsException.class)
          .hasMessageMatching("\\Q%s\\E:3: [a-z].*[^.)]".formatted(broken))
          .message()
          .doesNotContain("\n");
    }

    @Test
    void that_names_something_undefined_is_refused_when_all_is_resolved() throws IOException {
      Config config =
          NodeConfig.load(
              Map.of(), Optional.of(file("kantele.model = ${no.such.key}")), NO_ENVIRONMENT);

      assertThatThrownBy(() -> KanteleSettings.from(config))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("no.such.key");
    }
  }
}
