package dev.kantele.cluster.chat;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jline.keymap.KeyMap;
import org.jline.reader.Binding;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A terminal by JLine. While an answer runs, keys are taken without an echo, and what was typed
 * stands on the next line that is edited.
 */
final class JlineConsole implements ChatConsole {
  private static final Logger log = LoggerFactory.getLogger(JlineConsole.class);
  private static final int CTRL_D = 4;
  private static final int BACKSPACE = 8;
  private static final int DELETE = 127;

  private final Terminal terminal;
  private final LineReader reader;
  private final boolean history;

  /** Guards what follows; never held while a key is awaited. */
  private final Object lock = new Object();

  private Ask wanted = Ask.RUNNING;
  private Ask led = Ask.RUNNING;
  private boolean interrupted;
  private boolean editing;
  private boolean atLineStart = true;

  /** The thread that waits for a key, when one does. */
  private Optional<Thread> waiting = Optional.empty();

  /** Typed and not yet sent. */
  private final StringBuilder typed = new StringBuilder();

  JlineConsole(Terminal terminal, Optional<Path> history, Supplier<List<String>> sessions) {
    this.terminal = terminal;
    this.history = history.isPresent();
    var parser = new DefaultParser();
    parser.setEofOnEscapedNewLine(true);
    parser.setQuoteChars(new char[0]);
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("kantele")
            .parser(parser)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.HISTORY_IGNORE_SPACE, false)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, ". ")
            .variable(LineReader.DISABLE_HISTORY, true)
            .completer((_, line, found) -> complete(line.line(), sessions, found));
    history.ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
    this.reader = builder.build();
    reader
        .getWidgets()
        .put(
            "kantele-line-break",
            () -> {
              reader.getBuffer().write("\n");
              return true;
            });
    KeyMap<Binding> keys = requireNonNull(reader.getKeyMaps().get(LineReader.MAIN));
    keys.bind(new Reference("kantele-line-break"), KeyMap.alt('\r'), KeyMap.alt('\n'));
    terminal.handle(Terminal.Signal.INT, _ -> interrupt());
  }

  private static void complete(
      String line, Supplier<List<String>> sessions, List<Candidate> found) {
    Completions.of(line, sessions).forEach(text -> found.add(new Candidate(text)));
  }

  private void interrupt() {
    synchronized (lock) {
      interrupted = true;
      waiting.ifPresent(Thread::interrupt);
    }
  }

  @Override
  public void show(String text) {
    synchronized (lock) {
      if (text.isEmpty()) {
        return;
      }
      if (editing) {
        reader.printAbove(text);
      } else {
        terminal.writer().print(text);
        terminal.writer().flush();
        atLineStart = text.endsWith("\n");
      }
    }
  }

  /** A line about the conversation, wherever the answer stands. */
  void note(String text) {
    synchronized (lock) {
      show((atLineStart ? "" : "\n") + text);
    }
  }

  @Override
  public void turnTo(Ask ask) {
    synchronized (lock) {
      boolean another = !ask.equals(wanted);
      wanted = ask;
      if (another) {
        waiting.ifPresent(Thread::interrupt);
      }
    }
  }

  @Override
  public Optional<Answer> ask(Ask ask) {
    boolean silent = ask.kind() == Ask.Kind.RUNNING;
    synchronized (lock) {
      if (!ask.equals(wanted)) {
        return Optional.empty();
      }
      if (interrupted && silent) {
        interrupted = false;
        return Optional.of(new Answer.Interrupted(""));
      }
      interrupted = false;
      if (!ask.equals(led)) {
        led = ask;
        note(ask.lead());
      }
      if (!atLineStart && !silent) {
        note("");
      }
      waiting = Optional.of(Thread.currentThread());
      editing = !silent;
    }
    try {
      return silent ? silently() : edited(ask);
    } finally {
      synchronized (lock) {
        waiting = Optional.empty();
        editing = false;
        /* Was for this wait; a later one is asked anew. */
        boolean _ = Thread.interrupted();
      }
    }
  }

  private Optional<Answer> edited(Ask ask) {
    boolean prompt = ask.kind() == Ask.Kind.PROMPT;
    String initial = prompt ? typed.toString() : ask.initial();
    try {
      String line = reader.readLine(ask.prompt(), null, (Character) null, initial);
      ended(prompt, line);
      return Optional.of(new Answer.Line(line));
    } catch (UserInterruptException e) {
      boolean withdrawn = isWithdrawn(ask);
      if (prompt) {
        typed.setLength(0);
        typed.append(withdrawn ? e.getPartialLine() : "");
      }
      return withdrawn
          ? Optional.empty()
          : Optional.of(new Answer.Interrupted(String.valueOf(e.getPartialLine())));
    } catch (EndOfFileException _) {
      return Optional.of(new Answer.Ended());
    }
  }

  private boolean isWithdrawn(Ask ask) {
    synchronized (lock) {
      return !ask.equals(wanted);
    }
  }

  private void ended(boolean prompt, String line) {
    synchronized (lock) {
      waiting = Optional.empty();
      editing = false;
      boolean _ = Thread.interrupted();
    }
    if (prompt) {
      typed.setLength(0);
      remember(line);
    }
  }

  private void remember(String line) {
    if (history && !line.isBlank()) {
      reader.setVariable(LineReader.DISABLE_HISTORY, false);
      reader.getHistory().add(line);
      reader.setVariable(LineReader.DISABLE_HISTORY, true);
    }
  }

  private Optional<Answer> silently() {
    Attributes before = terminal.enterRawMode();
    try {
      while (true) {
        int key = terminal.reader().read();
        switch (key) {
          case -1, CTRL_D -> {
            return Optional.of(new Answer.Ended());
          }
          case '\r', '\n' -> {
            String line = typed.toString();
            typed.setLength(0);
            return Optional.of(new Answer.Line(line));
          }
          case BACKSPACE, DELETE -> typed.setLength(Math.max(0, typed.length() - 1));
          default -> {
            if (!Character.isISOControl(key)) {
              typed.append((char) key);
            }
          }
        }
      }
    } catch (InterruptedIOException _) {
      return signalled();
    } catch (IOException e) {
      log.debug("the terminal is gone", e);
      return Optional.of(new Answer.Ended());
    } finally {
      terminal.setAttributes(before);
    }
  }

  private Optional<Answer> signalled() {
    synchronized (lock) {
      boolean keyed = interrupted;
      interrupted = false;
      return keyed ? Optional.of(new Answer.Interrupted("")) : Optional.empty();
    }
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      log.debug("close", e);
    }
  }
}
