package dev.kantele.cluster.cli;

import com.typesafe.config.Config;
import dev.kantele.cluster.node.Node;
import dev.kantele.runtime.Kantele;
import dev.kantele.runtime.KanteleSettings;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a node until the process is told to end. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Runs a node: sessions over WebSocket and HTTP, kept in a folder.")
final class ServeCommand implements Callable<Integer> {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(40);
  private static final String DEFAULT_URL = "http://127.0.0.1:8080";
  private static final String QUESTION = "What is 12 * 7, and what time is it in Tokyo?";

  private final CliContext context;

  @Mixin private final NodeOptions options = new NodeOptions();

  ServeCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    var end = new CountDownLatch(1);
    var told = new CountDownLatch(1);
    Config config = options.config(context.environment());
    Duration limit = STOP_LIMIT.plus(grace(config));
    try (var _ =
            new EndOfProcess(
                () -> {
                  told.countDown();
                  end.countDown();
                },
                limit,
                OptionalInt.of(ExitCode.OK));
        Node node = Node.start(config)) {
      node.whenStopped(end::countDown);
      announce(node);
      end.await();
      if (told.getCount() > 0) {
        throw new CliException("the node stopped by itself; the messages above say why");
      }
      drain(node);
      return ExitCode.OK;
    }
  }

  private static Duration grace(Config config) {
    return Kantele.drainGrace(KanteleSettings.from(config).config().getConfig("kantele"));
  }

  private void drain(Node node) {
    Screen screen = context.screen();
    int left =
        node.drain(
            running ->
                screen.note(
                    running == 1
                        ? "1 turn is running; it has up to %s.".formatted(seconds(node.grace()))
                        : "%d turns are running; they have up to %s."
                            .formatted(running, seconds(node.grace()))));
    if (left > 0) {
      screen.note(
          left == 1
              ? "1 turn is left to the next node on this data."
              : left + " turns are left to the next node on this data.");
    }
  }

  /* As a person would write it: 10 s, 1.5 s. */
  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
  }

  private void announce(Node node) {
    Screen screen = context.screen();
    String url = node.url();
    String option = url.equals(DEFAULT_URL) ? "" : "--url " + url + " ";
    // At once, so that whoever waits for the first line may end the process right then.
    screen.line(
        """
        Kantele is ready on %s
        Data: %s
        Try: %s chat %s"%s\""""
            .formatted(url, node.data(), CommandLineInterface.PROGRAM, option, QUESTION));
  }
}
