package dev.kantele.testkit.schedule;

import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.scripted.ScriptStep;
import dev.kantele.testkit.RecordingTool;
import dev.kantele.testkit.Reply;
import dev.kantele.testkit.TestNode;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;

/** A node with tools and a model that does a bit of everything. */
final class World {
  private static final String SETTINGS =
      """
      kantele {
        session { window = 2 KiB, release-after = 2s, passivate-after = 5s }
        agent-defaults {
          limits {
            wall-time = 40s, stream-idle = 4s, attempts = 3, retry-delay = 300ms, model-calls = 6
            cancel-deadline = 2s, queued-turns = 6
          }
          approvals {
            rules = [{ tool = "post", decision = ask }]
            otherwise = allow
            expires-after = 4s
          }
        }
        websocket { heartbeat = 3s, close-timeout = 1s }
      }
      """;

  /** Of every third schedule: what is old is forgotten, and late subscribers get snapshots. */
  private static final String FORGETFUL = "kantele.session { snapshot-every = 10, keep-rows = 10 }";

  final TestNode node;
  final RecordingTool look;
  final RecordingTool pay;
  final RecordingTool send;
  final RecordingTool post;
  final RecordingTool stuck;

  World(long seed, PlantedFault planted) {
    this.node = TestNode.of(seed).configure(SETTINGS);
    if (seed % 3 == 0) {
      node.configure(FORGETFUL);
    }
    planted.plant(node);
    this.look = node.tool("look", ToolEffect.READ_ONLY).takes(Duration.ofMillis(200));
    this.pay = node.tool("pay", ToolEffect.RECONCILE).takes(Duration.ofMillis(400));
    this.send =
        node.tool("send", planted.effectOfSend())
            .takes(Duration.ofMillis(700))
            .reports("one", "two");
    this.post = node.tool("post", ToolEffect.IDEMPOTENT).takes(Duration.ofMillis(50));
    this.stuck =
        node.tool("stuck", ToolEffect.READ_ONLY, Duration.ofSeconds(3)).hangs().ignoresCancels();
    node.model().answer(request -> reply(seed, request));
  }

  /* A call that is made again gets the same again, mostly; one that failed may succeed. */
  private static Reply reply(long seed, ModelRequest request) {
    var random =
        new SplittableRandom(
            seed ^ request.turn().hashCode() ^ (31L * request.transcript().size()));
    Reply reply =
        random.nextInt(3) == 0 ? Reply.reasons("Let me see what there is.") : Reply.says("");
    reply = reply.then(text(random));
    if (random.nextInt(3) == 0) {
      reply = reply.thenPauses(Duration.ofMillis(random.nextInt(1, 900))).then(text(random));
    }
    int kind = random.nextInt(100);
    if (kind < 8) {
      return request.attempt() == 1 ? reply.thenFails("overloaded", true) : reply;
    }
    if (kind < 11) {
      return request.attempt() < 3 ? reply.thenDrops() : reply;
    }
    if (kind < 14) {
      return request.attempt() == 1 ? reply.thenHangs() : reply;
    }
    if (kind < 60) {
      int calls = random.nextInt(1, 4);
      for (int i = 0; i < calls; i++) {
        reply = reply.thenCalls(tool(random.nextInt(100)), Map.of("n", i));
      }
    }
    return reply.thenPauses(Duration.ofMillis(random.nextInt(1, 300)));
  }

  private static ScriptStep text(SplittableRandom random) {
    String text = "All that there is to be said about it, and more. ".repeat(random.nextInt(1, 9));
    return ScriptStep.say(text, /* chunk= */ 64, Duration.ZERO);
  }

  private static String tool(int of100) {
    if (of100 < 25) {
      return "look";
    }
    if (of100 < 42) {
      return "pay";
    }
    if (of100 < 62) {
      return "send";
    }
    return of100 < 82 ? "post" : "stuck";
  }
}
