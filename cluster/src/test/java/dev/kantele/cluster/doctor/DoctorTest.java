package dev.kantele.cluster.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.ConfigFactory;
import dev.kantele.cluster.doctor.Finding.Level;
import dev.kantele.runtime.journal.JournalKind;
import dev.kantele.runtime.journal.JournalSettings;
import dev.kantele.runtime.settings.SettingsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
  private static final Machine GOOD = new Machine(25, OptionalLong.of(65_536), 1L << 30);
  private static final Instant NOW = Instant.parse("2026-11-21T04:00:00Z");
  private static final String HASH = "ab".repeat(32);

  @TempDir private Path folder;

  private List<Finding> examine(String config) throws InterruptedException {
    return examine(config, GOOD, NOW);
  }

  private List<Finding> examine(String config, Machine machine, Instant now)
      throws InterruptedException {
    var whole =
        ConfigFactory.parseString(config)
            .withFallback(
                ConfigFactory.parseString(
                    "kantele { http.port = 0, data = \"%s\" }"
                        .formatted(folder.resolve("data").toString().replace("\\", "\\\\"))));
    return Doctor.examine(() -> whole, machine, Clock.fixed(now, ZoneOffset.UTC));
  }

  private static Finding only(List<Finding> findings, String check) {
    return findings.stream()
        .filter(finding -> finding.check().equals(check))
        .reduce(
            (one, other) -> {
              throw new AssertionError(one + " and " + other + " (expected: one of them)");
            })
        .orElseThrow(() -> new AssertionError("no " + check + " in " + findings));
  }

  private static void assertFound(List<Finding> findings, Level level, String check, String part) {
    Finding finding = only(findings, check);
    assertThat(finding.message()).contains(part);
    assertThat(finding.level()).isEqualTo(level);
  }

  @Test
  void with_nothing_set_all_is_well_and_nothing_is_created() throws Exception {
    List<Finding> findings = examine("");

    assertThat(findings)
        .extracting(Finding::check)
        .containsExactly(
            "java",
            "open files",
            "memory",
            "configuration",
            "transport",
            "port",
            "data",
            "disk",
            "model",
            "clock",
            "security");
    assertThat(findings).noneMatch(finding -> finding.level() == Level.FAIL);
    assertFound(findings, Level.OK, "data", "is not there yet; serve creates it");
    assertFound(findings, Level.OK, "model", "scripted/demo (assistant) is there");
    assertThat(folder).isEmptyDirectory();
  }

  @Nested
  class The_machine {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "24 | 65536 | 1073741824 | java       | FAIL | set JAVA_HOME",
          "25 | 4095  | 1073741824 | open files | WARN | ulimit -n",
          "25 | 4096  | 1073741824 | open files | OK   | 4096",
          "25 | 65536 | 268435455  | memory     | WARN | KANTELE_JAVA_OPTS=-Xmx",
          "26 | 65536 | 268435456  | memory     | OK   | 256 MiB"
        })
    void has_what_a_node_needs_or_not(
        int java, long files, long heap, String check, Level level, String part) throws Exception {
      var machine = new Machine(java, OptionalLong.of(files), heap);

      assertFound(examine("", machine, NOW), level, check, part);
    }

    @Test
    void need_not_say_how_many_files_there_may_be() {
      assertThat(new Machine(25, OptionalLong.empty(), 1L << 30).findings())
          .allMatch(finding -> finding.level() == Level.OK);
    }

    @Test
    void is_known_to_the_process() {
      Machine here = Machine.here();

      assertThat(here.java()).isGreaterThanOrEqualTo(25);
      assertThat(here.maxHeapBytes()).isPositive();
    }
  }

  @Nested
  class The_configuration {
    @Test
    void that_can_not_be_read_is_said_and_the_rest_goes_on() throws Exception {
      List<Finding> findings =
          Doctor.examine(
              () -> {
                throw new SettingsException("node.conf:2: this is no HOCON");
              },
              GOOD,
              Clock.fixed(NOW, ZoneOffset.UTC));

      assertFound(findings, Level.FAIL, "configuration", "node.conf:2: this is no HOCON");
      assertFound(findings, Level.OK, "clock", "2026-11-21T04:00:00Z");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "kantele.http.port = 70000            | kantele.http.port: 70000",
          "kantele.http.host = \"0.0.0.0\"      | nobody is authenticated",
          "kantele.http.tls { certificate = /none, key = /none } | /none",
          "kantele.journal.kind = paper         | kantele.journal.kind: paper",
          "kantele.security.tokens = [hunter2]  | kantele.security.tokens[0]",
          "kantele.websocket.heartbeat = soon   | kantele.websocket.heartbeat",
          "kantele.session.keep-rows = -1       | keep-rows",
          "kantele.drain.grace = -1s            | kantele.drain.grace"
        })
    void with_a_wrong_setting_fails(String config, String part) throws Exception {
      Finding finding = only(examine(config), "configuration");

      assertThat(finding.message()).contains(part).doesNotContain("hunter2");
      assertThat(finding.level()).isEqualTo(Level.FAIL);
    }
  }

  @Nested
  class The_port {
    @Test
    void that_is_free() throws Exception {
      int port;
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = socket.getLocalPort();
      }
      assertFound(
          examine("kantele.http.port = " + port), Level.OK, "port", port + " on 127.0.0.1 is free");
    }

    @Test
    void that_another_program_uses() throws Exception {
      HttpServer other = server();
      try {
        other.createContext("/", exchange -> exchange.sendResponseHeaders(200, -1));
        int port = other.getAddress().getPort();

        assertFound(
            examine("kantele.http.port = " + port), Level.FAIL, "port", "is in use; choose");
      } finally {
        other.stop(0);
      }
    }

    @Test
    void on_a_host_that_is_unknown() throws Exception {
      assertFound(
          examine("kantele.http { host = \"no.such.host.invalid\", insecure = true }"),
          Level.FAIL,
          "port",
          "host no.such.host.invalid is unknown");
    }
  }

  @Nested
  class The_data_folder {
    private Path data() {
      return folder.resolve("data");
    }

    @Test
    void that_is_a_file() throws Exception {
      Files.writeString(data(), "");

      assertFound(examine(""), Level.FAIL, "data", "is not a folder");
    }

    @Test
    void that_can_not_be_created() throws Exception {
      Files.writeString(data(), "");

      assertFound(
          examine("kantele.data = \"" + data().resolve("below") + "\""),
          Level.FAIL,
          "data",
          "can't be created");
    }

    @Test
    void that_is_damaged_and_stays_as_it_is() throws Exception {
      Files.createDirectory(data());
      Files.writeString(data().resolve("journal.db"), "this was never a database ".repeat(40));

      assertFound(examine(""), Level.FAIL, "data", "is damaged: it is no SQLite database");
      assertThat(names()).containsExactly("journal.db");
    }

    @Test
    void of_a_newer_version() throws Exception {
      Files.createDirectory(data());
      Files.writeString(data().resolve("format"), "99\n");

      assertFound(examine(""), Level.FAIL, "data", "was written by a newer Kantele");
    }

    private List<String> names() throws IOException {
      try (Stream<Path> files = Files.list(data())) {
        return files.map(file -> file.getFileName().toString()).sorted().toList();
      }
    }

    @Test
    void that_is_not_needed() throws Exception {
      assertFound(examine("kantele.journal.kind = memory"), Level.OK, "data", "in memory");
    }

    @ParameterizedTest
    @CsvSource({
      "0, FAIL",
      "67108863, FAIL",
      "67108864, WARN",
      "1073741823, WARN",
      "1073741824, OK"
    })
    void on_a_disk_with_so_much_space(long free, Level level) {
      var journal = new JournalSettings(JournalKind.SQLITE, data());

      assertThat(only(DataChecks.check(journal, false, _ -> free), "disk").level())
          .isEqualTo(level);
    }

    @Test
    void on_a_disk_that_can_not_be_asked() {
      var journal = new JournalSettings(JournalKind.SQLITE, data());
      List<Finding> findings =
          DataChecks.check(
              journal,
              false,
              _ -> {
                throw new IOException("gone");
              });

      assertFound(findings, Level.WARN, "disk", "is not known: gone");
    }
  }

  @Nested
  class The_model {
    @Test
    void that_does_not_exist() throws Exception {
      assertFound(examine("kantele.model = \"acme/large\""), Level.FAIL, "agents", "acme/large");
    }

    @Test
    void that_wants_a_key() throws Exception {
      assertFound(
          examine(
              """
              kantele.model = "openai/x"
              kantele.models.openai { base-url = "https://api.openai.com/v1", api-key = null }
              """),
          Level.FAIL,
          "agents",
          "OpenAI wants a key; set OPENAI_API_KEY");
    }

    @Test
    void of_a_server_that_is_down() throws Exception {
      assertFound(
          examine(openai("http://127.0.0.1:1/v1")),
          Level.FAIL,
          "model",
          "openai/x (assistant): there is no connection to http://127.0.0.1:1; start that server");
    }

    private static String openai(String url) {
      return """
          kantele.model = "openai/x"
          kantele.models.openai { base-url = "%s", api-key = "sk-hidden" }
          """
          .formatted(url);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "200 | {\"data\":[{\"id\":\"x\"}]} | OK   | openai/x (assistant) can be reached",
          "200 | {\"data\":[{\"id\":\"y\"}]} | WARN | is not on the list",
          "200 | hello                       | OK   | can be reached",
          "429 | {}                          | OK   | can be reached",
          "401 | {\"error\":\"sk-hidden\"}   | FAIL | refuses the key (401)",
          "404 | {}                          | FAIL | up to and including /v1",
          "500 | {}                          | FAIL | answers 500"
        })
    void of_a_server_that_answers(int status, String body, Level level, String part)
        throws Exception {
      HttpServer server = answering(status, body);
      try {
        List<Finding> findings = examine(openai(url(server)));

        assertFound(findings, level, "model", part);
        assertThat(findings.toString()).doesNotContain("sk-hidden");
      } finally {
        server.stop(0);
      }
    }
  }

  private static HttpServer server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    return server;
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /** Answers who has the key, and with the time of the system, as HTTP servers do. */
  private static HttpServer answering(int status, String body) throws IOException {
    HttpServer server = server();
    server.createContext(
        "/v1/models",
        exchange -> {
          boolean known =
              "Bearer sk-hidden".equals(exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(known ? status : 401, bytes.length);
          try (var out = exchange.getResponseBody()) {
            out.write(bytes);
          }
        });
    return server;
  }

  @Nested
  class The_clock {
    @ParameterizedTest
    @CsvSource({"1970-01-01T00:00:00Z", "2024-12-31T23:59:59Z", "2101-01-01T00:00:00Z"})
    void that_was_never_set(Instant now) throws Exception {
      assertFound(examine("", GOOD, now), Level.FAIL, "clock", "set the clock");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "0   | OK   | agrees",
          "30  | OK   | agrees",
          "-30 | OK   | agrees",
          "31  | WARN | 31 s behind the clock",
          "-95 | WARN | 95 s ahead of the clock"
        })
    void beside_that_of_a_server(long behind, Level level, String part) {
      Finding finding =
          ClockCheck.check(
              Clock.fixed(NOW, ZoneOffset.UTC), Optional.of(Duration.ofSeconds(behind)));

      assertThat(finding.message()).contains(part);
      assertThat(finding.level()).isEqualTo(level);
    }

    @Test
    void is_compared_with_the_date_of_a_model_server() throws Exception {
      HttpServer server = answering(200, "{}");
      try {
        List<Finding> findings =
            examine(
                The_model.openai(url(server)), GOOD, Clock.systemUTC().instant().plusSeconds(3600));

        assertFound(findings, Level.WARN, "clock", "s ahead of the clock of a model's server");
      } finally {
        server.stop(0);
      }
    }
  }

  @Nested
  class Security {
    @Test
    void tokens_without_tls_beyond_this_machine() throws Exception {
      assertFound(
          examine(
              "kantele { http.host = \"0.0.0.0\", security.tokens = [\"ann:%s\"] }"
                  .formatted(HASH)),
          Level.WARN,
          "security",
          "tokens reach 0.0.0.0 unencrypted");
    }

    @Test
    void nobody_authenticated_beyond_this_machine() throws Exception {
      assertFound(
          examine("kantele.http { host = \"0.0.0.0\", insecure = true }"),
          Level.WARN,
          "security",
          "everybody who reaches 0.0.0.0");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void a_tokens_file_that_others_can_read() throws Exception {
      Path tokens = Files.writeString(folder.resolve("tokens"), "ann:" + HASH + "\n");
      String config = "kantele.security.tokens-file = \"" + tokens + "\"";
      Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-r--r--"));
      assertThat(examine(config))
          .filteredOn(finding -> finding.level() == Level.WARN)
          .filteredOn(finding -> finding.check().equals("security"))
          .singleElement()
          .satisfies(
              finding ->
                  assertThat(finding.message())
                      .contains("chmod 600 " + tokens)
                      .doesNotContain(HASH));

      Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
      assertFound(examine(config), Level.OK, "security", "by tokens");
    }
  }
}
