package dev.kantele.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.cluster.NodeProcess;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.client.ClientSession;
import dev.kantele.protocol.client.ClientSettings;
import dev.kantele.protocol.client.KanteleClient;
import dev.kantele.protocol.client.TurnResult;
import dev.kantele.protocol.sequence.EventCursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client and a node in a process of its own, on a line that is cut again and again. */
@Timeout(180)
class CutConnectionScenario {
  private static final long SEED = 20_260_301;
  private static final int TURNS = 6;
  private static final int CUTS = 12;
  private static final int MAX_BYTES = 6_000;

  @TempDir private Path folder;

  private NodeProcess serve() throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("chatty.yaml"),
            """
            - - say: "one two three four five six seven eight nine ten eleven twelve"
                chunk: words
                every: 5ms
            """);
    Path config =
        Files.writeString(
            folder.resolve("node.conf"),
            """
            kantele {
              models.scripted.scripts.chatty = "%s"
              default-agent = chatty
              agents.chatty.model = scripted/chatty
            }
            """
                .formatted(script.toString().replace("\\", "\\\\")));
    return NodeProcess.serve(folder.resolve("data"), "--config", config.toString());
  }

  @Test
  void a_chat_goes_on_and_no_event_is_missed_or_repeated() throws Exception {
    try (NodeProcess node = serve();
        var proxy = new CuttingProxy(node.url(), new Random(SEED), MAX_BYTES, CUTS)) {
      ClientSettings settings =
          ClientSettings.of(proxy.url()).backoff(Duration.ofMillis(1), Duration.ofMillis(50));
      try (KanteleClient client = KanteleClient.connect(settings)) {
        ClientSession session = client.open("s");
        var log = new Log();
        session.events(0).subscribe(log);

        for (int i = 0; i < TURNS; i++) {
          TurnResult result = join(session.prompt("Count.").result());
          assertThat(result.isCompleted()).isTrue();
          assertThat(result.text()).endsWith("eleven twelve");
        }
        join(session.close("done"));

        List<Event> events = join(log.whole);
        assertThat(events)
            .filteredOn(event -> event.body() instanceof EventBody.TurnQueued)
            .as("each prompt took effect once")
            .hasSize(TURNS);
        assertFollowOnOneAnother(events);
        assertThat(proxy.connections()).isGreaterThan(3);
      }
    }
  }

  private static void assertFollowOnOneAnother(List<Event> events) {
    EventCursor cursor = EventCursor.after(0);
    for (Event event : events) {
      EventCursor.Step step = cursor.accept(event.covers(), event.body());
      assertThat(step).isInstanceOf(EventCursor.Step.Accepted.class);
      cursor = ((EventCursor.Step.Accepted) step).next();
    }
  }

  private static <T> T join(CompletableFuture<T> future) {
    return future.orTimeout(NodeProcess.LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** All that a subscriber gets, up to the log's end. */
  private static final class Log implements Flow.Subscriber<Event> {
    private final List<Event> events = new ArrayList<>();
    private final CompletableFuture<List<Event>> whole = new CompletableFuture<>();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Event event) {
      events.add(event);
    }

    @Override
    public void onError(Throwable failure) {
      whole.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      whole.complete(List.copyOf(events));
    }
  }
}
