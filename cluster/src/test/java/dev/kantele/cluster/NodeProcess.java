package dev.kantele.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * {@link Main} in a process of its own, with this test's class path: what a user runs, so that it
 * can be killed. Whatever is waited for is read from its output or from its end; every wait is
 * bounded. Closing kills it if it still runs. Thread-safe.
 */
public final class NodeProcess implements AutoCloseable {
  /** How long a command, or the start or the end of a node, may take on a busy machine. */
  public static final Duration LIMIT = Duration.ofSeconds(60);

  private static final String READY = "Kantele is ready on ";

  /** How a process ended: its exit code, and all that it printed. */
  public record Exit(int code, String out, String err) {}

  /** What to run. */
  public record Launch(List<String> arguments, Map<String, String> environment, String input) {
    public Launch {
      arguments = List.copyOf(arguments);
      environment = Map.copyOf(environment);
    }

    /** A command with its arguments, without input. */
    public static Launch of(String... arguments) {
      return new Launch(List.of(arguments), Map.of(), "");
    }

    /** Returns the launch with an environment variable. */
    public Launch with(String variable, String value) {
      var more = new HashMap<>(environment);
      more.put(variable, value);
      return new Launch(arguments, more, input);
    }

    /** Returns the launch with something on standard input. */
    public Launch piped(String text) {
      return new Launch(arguments, environment, text);
    }
  }

  private final Process process;
  private final Output out;
  private final Output err;

  private NodeProcess(Process process) {
    this.process = process;
    this.out = new Output(process.getInputStream());
    this.err = new Output(process.getErrorStream());
  }

  /** Starts a node on {@code data} and a free port, and waits until it is ready. */
  public static NodeProcess serve(Path data, String... options) {
    return serve(data, 0, options);
  }

  /** Starts a node on {@code data} and {@code port}, and waits until it is ready. */
  public static NodeProcess serve(Path data, int port, String... options) {
    var arguments = new ArrayList<>(List.of("serve", "--port", Integer.toString(port)));
    arguments.addAll(List.of("--data", data.toString()));
    arguments.addAll(List.of(options));
    NodeProcess node = start(new Launch(arguments, Map.of(), ""));
    node.awaitLine(line -> line.startsWith(READY));
    return node;
  }

  /** Runs a command to its end. */
  public static Exit run(String... arguments) {
    return run(Launch.of(arguments));
  }

  /** Runs a command to its end. */
  public static Exit run(Launch launch) {
    try (NodeProcess process = start(launch)) {
      return process.awaitExit();
    }
  }

  /** What the operating system is told to run for a command with these arguments. */
  public static List<String> commandLine(List<String> arguments) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(arguments);
    return command;
  }

  /** Starts a command and goes on. */
  public static NodeProcess start(Launch launch) {
    var builder = new ProcessBuilder(commandLine(launch.arguments()));
    builder.environment().keySet().removeIf(name -> name.startsWith("KANTELE_"));
    builder.environment().putAll(launch.environment());
    try {
      Process process = builder.start();
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(process::destroyForcibly));
      try (var input = process.outputWriter(UTF_8)) {
        input.write(launch.input());
      }
      return new NodeProcess(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The node's address, as in {@code http://127.0.0.1:8080}. */
  public String url() {
    return awaitLine(line -> line.startsWith(READY)).substring(READY.length());
  }

  /** The port on which the node listens. */
  public int port() {
    return URI.create(url()).getPort();
  }

  /** The process's id. */
  public long pid() {
    return process.pid();
  }

  /** Waits for the first whole line of standard output that {@code wanted} holds for. */
  public String awaitLine(Predicate<String> wanted) {
    return lines(await(text -> lines(text).anyMatch(wanted)))
        .filter(wanted)
        .findFirst()
        .orElseThrow();
  }

  /** Waits until standard output has {@code text}. */
  public void awaitText(String text) {
    String _ = await(now -> now.contains(text));
  }

  private static Stream<String> lines(String text) {
    return text.substring(0, text.lastIndexOf('\n') + 1).lines();
  }

  private String await(Predicate<String> wanted) {
    try {
      return out.when(wanted).get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new AssertionError("standard output never had what was waited for" + this, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Ends the process at once, as {@code kill -9} does, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** Asks the process to end, as {@code kill} does, and waits until it has. */
  public Exit stop() {
    if (!process.supportsNormalTermination()) {
      throw new UnsupportedOperationException("this platform can only kill");
    }
    // Not by the process's own method, which closes the streams: what it says last would be lost.
    if (!process.toHandle().destroy()) {
      throw new IllegalStateException("it can't be stopped: " + this);
    }
    return awaitExit();
  }

  /** Sends a signal by its name, as in {@code INT}; where there are none, throws. */
  public void signal(String name) {
    try {
      int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -" + name + ": " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Waits until the process has ended. */
  public Exit awaitExit() {
    try {
      if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("still running: " + this);
      }
      return new Exit(process.exitValue(), out.all(), err.all());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }

  @Override
  public String toString() {
    return "\nstdout:\n" + out + "\nstderr:\n" + err;
  }

  /** What a stream has said so far, and those who wait for more. */
  private static final class Output {
    private record Wish(Predicate<String> wanted, CompletableFuture<String> text) {}

    private final StringBuilder text = new StringBuilder();
    private final List<Wish> wishes = new ArrayList<>();
    private final Thread reader;
    private boolean ended;

    Output(InputStream stream) {
      reader = Thread.ofPlatform().daemon().start(() -> read(stream));
    }

    private void read(InputStream stream) {
      char[] buffer = new char[8 * 1024];
      try (var characters = new InputStreamReader(stream, UTF_8)) {
        for (int read = characters.read(buffer); read >= 0; read = characters.read(buffer)) {
          add(new String(buffer, 0, read));
        }
      } catch (IOException _) {
        // The process was killed while it wrote.
      }
      end();
    }

    private synchronized void add(String more) {
      text.append(more);
      String now = text.toString();
      for (Wish wish : List.copyOf(wishes)) {
        if (wish.wanted().test(now)) {
          wishes.remove(wish);
          wish.text().complete(now);
        }
      }
    }

    private synchronized void end() {
      ended = true;
      var sooner = new IllegalStateException("the process ended before");
      wishes.forEach(wish -> wish.text().completeExceptionally(sooner));
    }

    /** Everything so far, as soon as {@code wanted} holds for it. */
    synchronized CompletableFuture<String> when(Predicate<String> wanted) {
      var wish = new Wish(wanted, new CompletableFuture<>());
      if (wanted.test(text.toString())) {
        wish.text().complete(text.toString());
      } else {
        wishes.add(wish);
        if (ended) {
          end();
        }
      }
      return wish.text();
    }

    /** Everything, once the stream has ended. */
    String all() throws InterruptedException {
      reader.join(LIMIT);
      return toString();
    }

    @Override
    public synchronized String toString() {
      return text.toString();
    }
  }
}
