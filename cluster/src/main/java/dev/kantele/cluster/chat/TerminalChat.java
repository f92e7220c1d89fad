package dev.kantele.cluster.chat;

import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.protocol.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The chat at the process's own terminal. */
public final class TerminalChat {
  private static final Logger log = LoggerFactory.getLogger(TerminalChat.class);

  /** How long a key may be without effect because the node is asked what the line may become. */
  private static final Duration NAMES_LIMIT = Duration.ofSeconds(1);

  /**
   * Chats until the user leaves, or the node is gone for good.
   *
   * @param connect makes the way to the node; given what shows a line about the connection
   * @param sentence what to tell the user of a failure
   * @param sessionIds ids for sessions; the first one is the one that is talked to first
   * @throws IOException if there is no terminal
   */
  public static Left run(
      Function<Consumer<String>, SessionAccess> connect,
      ChatOptions options,
      Function<Throwable, String> sentence,
      SessionId session,
      Supplier<SessionId> sessionIds)
      throws IOException {
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      return run(terminal, connect, options, sentence, session, sessionIds);
    }
  }

  static Left run(
      Terminal terminal,
      Function<Consumer<String>, SessionAccess> connect,
      ChatOptions options,
      Function<Throwable, String> sentence,
      SessionId session,
      Supplier<SessionId> sessionIds) {
    var known = new SessionNames(NAMES_LIMIT);
    Optional<Path> history = options.history().filter(TerminalChat::isReady);
    try (var console = new JlineConsole(terminal, history, known);
        SessionAccess access = connect.apply(console::note)) {
      known.askedOf(new Requests(access, Optional.empty()));
      return new Chat(access, console, options, sentence, sessionIds).run(session);
    }
  }

  /** Makes the history's file, for the user's eyes only; without it the chat has none. */
  private static boolean isReady(Path file) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      if (Files.notExists(file)) {
        Files.createFile(file);
      }
      if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      }
      return true;
    } catch (IOException e) {
      log.warn("no history is kept: {}", e.toString());
      return false;
    }
  }

  private TerminalChat() {}
}
