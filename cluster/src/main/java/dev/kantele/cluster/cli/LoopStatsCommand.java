package dev.kantele.cluster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.cluster.access.AccessException;
import dev.kantele.cluster.client.RemoteLoops;
import dev.kantele.cluster.render.LoopTable;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows how a node's poll loops do. */
@Command(
    name = "loop-stats",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Shows how the node's poll loops do, live on a terminal.")
final class LoopStatsCommand implements Callable<Integer> {
  private static final int LONGEST_SECONDS = 3_600;

  /** The upper left corner, and nothing from there on (ECMA-48: CUP, ED). */
  private static final String CLEAR = "\u001b[H\u001b[J";

  private final CliContext context;

  @Mixin private final NodeUrl node = new NodeUrl();

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      description = "Look again after so many seconds; default 1.")
  private int interval = 1;

  @Option(names = "--once", description = "Look once, on a terminal too.")
  private boolean once;

  @Option(names = "--json", description = "Print what the node tells, once, as a JSON object.")
  private boolean json;

  LoopStatsCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (interval < 1 || interval > LONGEST_SECONDS) {
      throw node.misuse("--interval: %d (expected: 1..%d)".formatted(interval, LONGEST_SECONDS));
    }
    try (RemoteLoops loops = open()) {
      if (json) {
        context.screen().json(loops.ask().toString());
      } else if (once || !canRedraw()) {
        context.screen().print(page(loops.ask(), context.screen()));
      } else {
        redraw(loops::ask, context.screen(), this::pause);
      }
      return ExitCode.OK;
    } catch (AccessException e) {
      if (e.reason() == AccessException.Reason.UNREACHABLE) {
        throw new CliException(
            e.getMessage() + "; start one with ./kantele serve, or name its address by --url");
      }
      throw e;
    }
  }

  private RemoteLoops open() {
    try {
      return new RemoteLoops(node.address(context), node.token(context));
    } catch (IllegalArgumentException e) {
      throw node.misuse(String.valueOf(e.getMessage()));
    }
  }

  private boolean canRedraw() {
    return Terminal.isTerminal(Terminal.STDOUT)
        && !context.environment().getOrDefault("TERM", "").equals("dumb");
  }

  /** Shows what is told over what was told before, until nobody looks or {@code pause} says no. */
  static void redraw(Supplier<JsonNode> loops, Screen screen, BooleanSupplier pause) {
    do {
      screen.print(CLEAR + page(loops.get(), screen));
    } while (!screen.isGone() && pause.getAsBoolean());
  }

  private static String page(JsonNode told, Screen screen) {
    if (told.path("loops").isEmpty()) {
      return "This node has no poll loops: it runs on the portable transport.\n";
    }
    var table = new LoopTable(screen.style());
    var tables = new StringJoiner("\n");
    told.path("loops").forEach(loop -> tables.add(table.render(loop)));
    return tables.toString();
  }

  /** Waits for the next look; false when the process is ending. */
  private boolean pause() {
    try {
      return !new CountDownLatch(1).await(interval, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
