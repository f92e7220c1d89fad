package dev.kantele.cluster.cli;

import dev.kantele.cluster.node.Node;
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
    try (var _ =
            new EndOfProcess(
                () -> {
                  told.countDown();
                  end.countDown();
                },
                STOP_LIMIT,
                OptionalInt.of(ExitCode.OK));
        Node node = Node.start(options.config(context.environment()))) {
      node.whenStopped(end::countDown);
      announce(node);
      end.await();
      if (told.getCount() > 0) {
        throw new CliException("the node stopped by itself; the messages above say why");
      }
      return ExitCode.OK;
    }
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
