package dev.kantele.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DoctorCommandTest {
  @TempDir private Path folder;
  private final Captured captured = new Captured();

  private int doctor(String... more) {
    String data = folder.resolve("data").toString();
    String[] arguments = {"doctor", "--port", "0", "--data", data};
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(more));
    return captured.run(all.toArray(String[]::new));
  }

  @Test
  void each_check_is_a_line_and_nothing_wrong_is_0() {
    assertThat(doctor()).isZero();

    assertThat(captured.out().lines())
        .allMatch(line -> line.matches("(ok  |warn)  [a-z ]+: .+"))
        .anyMatch(line -> line.equals("ok    configuration: it can be read"))
        .anyMatch(line -> line.startsWith("ok    data: " + folder.resolve("data") + " is not"));
    assertThat(captured.err()).isEmpty();
  }

  @Test
  void as_json_each_check_is_an_object() throws IOException {
    assertThat(doctor("--json", "--journal", "memory")).isZero();

    for (String line : captured.out().lines().toList()) {
      JsonNode finding = new ObjectMapper().readTree(line);
      assertThat(finding.get("level").asText()).isIn("ok", "warn");
      assertThat(finding.get("check").asText()).isNotEmpty();
      assertThat(finding.get("message").asText()).isNotEmpty();
    }
    assertThat(captured.out()).contains("{\"check\":\"data\",\"level\":\"ok\",\"message\":\"");
  }

  @Test
  void something_wrong_is_1() throws IOException {
    Path file = Files.writeString(folder.resolve("data"), "");

    assertThat(doctor()).isEqualTo(1);
    assertThat(captured.out())
        .contains("fail  data: data folder " + file + " is not a folder; set kantele.data");
  }

  @Test
  void a_configuration_file_that_is_missing_is_1() {
    Path file = folder.resolve("no.conf");

    assertThat(doctor("--config", file.toString())).isEqualTo(1);
    assertThat(captured.out())
        .contains("fail  configuration: configuration file " + file + " does not exist; name");
  }
}
