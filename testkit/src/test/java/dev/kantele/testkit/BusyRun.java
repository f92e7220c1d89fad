package dev.kantele.testkit;

import static dev.kantele.testkit.Reply.calls;
import static dev.kantele.testkit.Reply.reasons;
import static dev.kantele.testkit.Reply.says;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.hook.Hook;
import dev.kantele.runtime.tool.BlockingTool;
import dev.kantele.runtime.tool.ToolCall;
import dev.kantele.runtime.tool.ToolOutput;
import dev.kantele.runtime.tool.ToolSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A run in which a bit of everything happens: streams, tools of all kinds, hooks, faults, a crash.
 */
final class BusyRun {
  /** A host's tool that blocks its thread: for a moment, or until it is interrupted. */
  private static final class Blocking extends BlockingTool {
    private final boolean forGood;

    Blocking(boolean forGood) {
      this.forGood = forGood;
    }

    @Override
    public ToolSpec spec() {
      return new ToolSpec(
          forGood ? "stuck" : "dig",
          "Digs.",
          JsonNodeFactory.instance.objectNode().put("type", "object"),
          ToolEffect.READ_ONLY,
          Duration.ofSeconds(20));
    }

    @Override
    protected JsonNode call(ToolCall call, ToolOutput output) throws Exception {
      output.chunk("digging").toCompletableFuture().get();
      if (forGood) {
        new CountDownLatch(1).await();
      }
      return JsonNodeFactory.instance.textNode("dug");
    }
  }

  private static final class Onlooker implements Hook {
    @Override
    public String name() {
      return "onlooker";
    }
  }

  /** What actors received, in order. */
  static List<String> trace(long seed) {
    return node(seed).world().trace().lines();
  }

  /** A node on which all has happened. */
  static TestNode node(long seed) {
    TestNode node = TestNode.of(seed);
    node.world().trace().record();
    node.allowAllTools().with(new Onlooker());
    node.with(new Blocking(false)).with(new Blocking(true));
    node.tool("look", ToolEffect.READ_ONLY).takes(Duration.ofSeconds(2)).reports("a", "b");
    node.tool("pay", ToolEffect.RECONCILE).takes(Duration.ofSeconds(1));
    node.model()
        .turn(
            reasons("Well.")
                .thenSays("I look, and I dig.")
                .thenCalls("look", Map.of("at", 1))
                .thenCalls("dig", Map.of())
                .thenCalls("stuck", Map.of()),
            calls("pay", Map.of("sum", 3)).thenPauses(Duration.ofMillis(300)),
            says("A longer text, which is said in pieces.").thenPauses(Duration.ofSeconds(1)))
        .turn(says("Once more."));
    node.open("a").prompt("go");
    node.open("b").prompt("go");
    node.open("a").prompt("again");
    node.time().advance(Duration.ofMillis(500));
    node.faults().write("tool.completed").of("b").fails();
    node.faults().write("stream.completed").of("a").crashesAfter(Duration.ofSeconds(3));
    node.faults().message("ChildAck").isDelayed(Duration.ofMillis(50));
    node.faults().kill("/tool-");
    node.time().advance(Duration.ofMinutes(5));
    node.close();
    return node;
  }

  /** Prints one line of what a seed gives, to be compared with that of another JVM. */
  public static void main(String[] arguments) throws NoSuchAlgorithmException {
    String all = String.join("\n", trace(Long.parseLong(arguments[0])));
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
    System.out.println("DIGEST " + HexFormat.of().formatHex(digest));
  }

  private BusyRun() {}
}
