package dev.kantele.cluster.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.cluster.doctor.Doctor;
import dev.kantele.cluster.doctor.Finding;
import dev.kantele.cluster.doctor.Machine;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what would keep a node from working. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Checks what a node needs, and says what to mend.")
final class DoctorCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final NodeOptions options = new NodeOptions();

  @Option(names = "--json", description = "Print a JSON object a line.")
  private boolean json;

  DoctorCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<Finding> findings =
        Doctor.examine(
            () -> options.config(context.environment()), Machine.here(), Clock.systemUTC());
    findings.forEach(this::print);
    return findings.stream().anyMatch(finding -> finding.level() == Finding.Level.FAIL)
        ? ExitCode.FAILED
        : ExitCode.OK;
  }

  private void print(Finding finding) {
    String level = finding.level().name().toLowerCase(Locale.ROOT);
    if (json) {
      context
          .screen()
          .json(
              JsonNodeFactory.instance
                  .objectNode()
                  .put("check", finding.check())
                  .put("level", level)
                  .put("message", finding.message())
                  .toString());
    } else {
      context.screen().line("%-4s  %s: %s".formatted(level, finding.check(), finding.message()));
    }
  }
}
