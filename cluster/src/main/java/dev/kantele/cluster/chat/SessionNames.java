package dev.kantele.cluster.chat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ids that complete a line; none while the node can't be asked, which the keyboard does not
 * wait for. For the keyboard's thread.
 */
final class SessionNames implements Supplier<List<String>> {
  private static final Logger log = LoggerFactory.getLogger(SessionNames.class);

  private final Duration limit;
  private Optional<Requests> node = Optional.empty();

  /** At most one question is on its way. */
  private Optional<CompletableFuture<List<String>>> asking = Optional.empty();

  SessionNames(Duration limit) {
    this.limit = limit;
  }

  /** The node is there. */
  void askedOf(Requests requests) {
    node = Optional.of(requests);
  }

  @Override
  public List<String> get() {
    return node.map(this::ask).orElse(List.of());
  }

  private List<String> ask(Requests requests) {
    CompletableFuture<List<String>> names =
        asking.orElseGet(
            () ->
                CompletableFuture.supplyAsync(
                    () -> requests.sessions(""),
                    task -> Thread.ofVirtual().name("chat-names").start(task)));
    asking = Optional.of(names);
    try {
      List<String> found = names.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      asking = Optional.empty();
      return found;
    } catch (TimeoutException _) {
      return List.of();
    } catch (ExecutionException e) {
      asking = Optional.empty();
      log.debug("no completion", e);
      return List.of();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }
}
