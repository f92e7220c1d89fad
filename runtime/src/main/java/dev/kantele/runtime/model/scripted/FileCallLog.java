package dev.kantele.runtime.model.scripted;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.runtime.model.ModelRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A file with one JSON line for each call, so that a test of a whole process sees what was called
 * before it was killed. Lines are written one after another on virtual threads.
 */
final class FileCallLog implements CallLog {
  private final Path file;
  private final Clock clock;
  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

  private FileCallLog(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /** A log that goes on at the end of {@code file}, which is made if it is not there. */
  static FileCallLog open(Path file, Clock clock) throws IOException {
    write(file, "");
    return new FileCallLog(file, clock);
  }

  @Override
  public synchronized CompletionStage<Void> append(ModelRequest request) {
    String line = line(request);
    last = last.handle((_, _) -> null).thenRunAsync(() -> append(line), Thread::startVirtualThread);
    return last;
  }

  private String line(ModelRequest request) {
    return JsonNodeFactory.instance
            .objectNode()
            .put("at", clock.instant().toString())
            .put("session", request.session().value())
            .put("turn", request.turn().value())
            .put("stream", request.stream().value())
            .put("attempt", request.attempt())
            .put("model", request.model())
            .toString()
        + "\n";
  }

  private void append(String line) {
    try {
      write(file, line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.write(file, text.getBytes(UTF_8), CREATE, APPEND);
  }
}
