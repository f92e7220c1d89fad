package dev.kantele.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryFileTest {
  private static final String ROOT = Path.of("").toAbsolutePath().toString();

  private static Path below(String folder) {
    return Path.of(folder, "kantele", "chat-history");
  }

  @Test
  void is_in_the_folder_that_the_user_named_for_data() {
    assertThat(HistoryFile.in(Map.of("XDG_DATA_HOME", ROOT, "HOME", "/home/ann")))
        .isEqualTo(below(ROOT));
  }

  @Test
  void is_in_the_local_folder_of_a_user_of_windows() {
    assertThat(HistoryFile.in(Map.of("LOCALAPPDATA", ROOT))).isEqualTo(below(ROOT));
  }

  @Test
  void is_below_the_home_folder_otherwise() {
    Path expected = below(Path.of(ROOT, ".local", "share").toString());
    assertThat(HistoryFile.in(Map.of("HOME", ROOT))).isEqualTo(expected);
    assertThat(HistoryFile.in(Map.of("HOME", ROOT, "XDG_DATA_HOME", " "))).isEqualTo(expected);
  }

  @Test
  void a_relative_folder_counts_for_nothing() {
    assertThat(HistoryFile.in(Map.of("XDG_DATA_HOME", "data", "HOME", ROOT)))
        .isEqualTo(below(Path.of(ROOT, ".local", "share").toString()));
  }

  @Test
  void is_somewhere_even_without_any_variable() {
    assertThat(HistoryFile.in(Map.of()))
        .isEqualTo(below(Path.of(System.getProperty("user.home"), ".local", "share").toString()));
  }
}
