package dev.kantele.cluster.doctor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.kantele.runtime.Kantele;
import dev.kantele.runtime.KanteleSettings;
import dev.kantele.runtime.http.HttpSettings;
import dev.kantele.runtime.http.TlsFiles;
import dev.kantele.runtime.journal.JournalSettings;
import dev.kantele.runtime.security.SecuritySettings;
import dev.kantele.runtime.session.actor.SessionSettings;
import dev.kantele.runtime.settings.SettingsException;
import dev.kantele.runtime.settings.SettingsReader;
import dev.kantele.runtime.transport.TransportChoice;
import dev.kantele.runtime.websocket.WebSocketSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at everything that a node needs, and says what to mend. Blocks for some seconds at the
 * most, and changes nothing.
 */
public final class Doctor {
  private static final String CONFIGURATION = "configuration";

  private final Machine machine;
  private final Clock clock;
  private final List<Finding> findings = new ArrayList<>();

  private Doctor(Machine machine, Clock clock) {
    this.machine = machine;
    this.clock = clock;
  }

  /**
   * Examines a node that would be started with a configuration.
   *
   * @param configuration reads it, without the defaults; what it throws is a finding
   * @return what was found, in the order in which it was looked at
   */
  public static List<Finding> examine(Supplier<Config> configuration, Machine machine, Clock clock)
      throws InterruptedException {
    var doctor = new Doctor(machine, clock);
    doctor.examine(configuration);
    return List.copyOf(doctor.findings);
  }

  private void examine(Supplier<Config> configuration) throws InterruptedException {
    findings.addAll(machine.findings());
    Config whole = read(() -> KanteleSettings.from(configuration.get()).config());
    if (whole == null) {
      findings.add(ClockCheck.check(clock, Optional.empty()));
      return;
    }
    int before = findings.size();
    Config kantele = whole.getConfig("kantele");
    HttpSettings http = read(() -> http(kantele));
    TransportChoice transport = read(() -> TransportChoice.from(kantele));
    SecuritySettings security = read(() -> security(kantele));
    JournalSettings journal = read(() -> JournalSettings.of(whole));
    Object _ = read(() -> WebSocketSettings.from(kantele));
    Object _ = read(() -> SessionSettings.from(kantele));
    Object _ = read(() -> Kantele.drainGrace(kantele));
    if (findings.size() == before) {
      findings.add(Finding.ok(CONFIGURATION, "it can be read"));
    }
    boolean node = false;
    if (transport != null) {
      findings.add(Finding.ok("transport", transport.reason()));
    }
    if (http != null) {
      PortCheck.Outcome port = PortCheck.check(http);
      findings.add(port.finding());
      node = port.node();
    }
    if (journal != null) {
      findings.addAll(
          DataChecks.check(journal, node, path -> Files.getFileStore(path).getUsableSpace()));
    }
    ModelChecks.Outcome models = ModelChecks.check(kantele, clock);
    findings.addAll(models.findings());
    findings.add(ClockCheck.check(clock, models.behind()));
    if (http != null && security != null) {
      findings.addAll(SecurityChecks.check(http, security, tokensFile(kantele)));
    }
  }

  private static HttpSettings http(Config kantele) {
    HttpSettings http = HttpSettings.from(kantele);
    http.tls().ifPresent(TlsFiles::check);
    return http;
  }

  private SecuritySettings security(Config kantele) {
    SecuritySettings security = SecuritySettings.from(kantele);
    var _ = security.authenticator(clock);
    return security;
  }

  private static Optional<Path> tokensFile(Config kantele) {
    return SettingsReader.of(kantele, "kantele").block("security").optionalPath("tokens-file");
  }

  private <T> @Nullable T read(Supplier<T> settings) {
    try {
      return settings.get();
    } catch (SettingsException | ConfigException | IllegalArgumentException e) {
      var finding = Finding.fail(CONFIGURATION, String.valueOf(e.getMessage()));
      if (!findings.contains(finding)) {
        findings.add(finding);
      }
      return null;
    }
  }
}
