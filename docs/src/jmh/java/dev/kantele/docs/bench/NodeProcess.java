package dev.kantele.docs.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A node in a process of its own, so that what it takes is not mixed with what the load takes. The
 * system property {@code node.options} has more options for its JVM.
 */
final class NodeProcess implements AutoCloseable {
  private final Path data;
  private final Process process;
  private final URI webSocket;

  private NodeProcess(Path data, Process process, URI webSocket) {
    this.data = data;
    this.process = process;
    this.webSocket = webSocket;
  }

  /** Starts one and waits until it is ready. */
  static NodeProcess start(String model, String... options) throws IOException {
    Path data = Files.createTempDirectory("kantele-bench");
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    String jvm = System.getProperty("node.options", "");
    if (!jvm.isBlank()) {
      command.addAll(List.of(jvm.split(" ", -1)));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.kantele.cluster.Main", "serve", "--port", "0", "--model", model));
    command.addAll(List.of("--data", data.toString()));
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out = process.inputReader();
    String url = url(out);
    Thread.ofVirtual().start(() -> out.lines().forEach(System.err::println));
    return new NodeProcess(data, process, URI.create(url.replace("http://", "ws://") + "/v1/ws"));
  }

  private static String url(BufferedReader out) throws IOException {
    String line;
    while ((line = out.readLine()) != null) {
      int at = line.indexOf("http://");
      if (at >= 0) {
        return line.substring(at).strip();
      }
    }
    throw new IllegalStateException("the node did not start");
  }

  /** Where its WebSockets are. */
  URI webSocket() {
    return webSocket;
  }

  /** What it has taken of all processors since it began. */
  long processorMillis() {
    return process.info().totalCpuDuration().orElseThrow().toMillis();
  }

  /** Ends it, and deletes its data. */
  @Override
  public void close() throws IOException {
    process.destroy();
    process.onExit().join();
    Machine.deleteAll(data);
  }
}
