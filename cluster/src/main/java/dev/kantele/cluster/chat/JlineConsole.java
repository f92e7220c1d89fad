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
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.InfoCmp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A terminal by JLine. While an answer runs, keys are taken without an echo, and what was typed
 * stands on the next line that is edited.
 */
final class JlineConsole implements ChatConsole {
  private static final Logger log = LoggerFactory.getLogger(JlineConsole.class);

  /**
   * What a control character is set to that no key makes: _POSIX_VDISABLE, which is the system's.
   */
  private static final int NO_KEY =
      System.getProperty("os.name", "").startsWith("Linux") ? 0 : 0xff;

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

  /** Whether a line about the answer ended the answer's own. */
  private boolean brokenLine;

  /** The thread that waits for a key, when one does. */
  private Optional<Thread> waiting = Optional.empty();

  private final TypedAhead typed = new TypedAhead();

  /** What the terminal was like before. */
  private final Attributes before;

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
    reader
        .getWidgets()
        .put(
            "kantele-interrupt",
            () -> {
              throw new KeyedInterrupt(reader.getBuffer().toString());
            });
    keys.bind(new Reference("kantele-interrupt"), KeyMap.ctrl('C'));
    terminal.handle(Terminal.Signal.INT, _ -> interrupt());
    this.before = terminal.enterRawMode();
    Attributes attributes = terminal.getAttributes();
    /* A key like others, so that it comes in its place among them. */
    attributes.setControlChar(Attributes.ControlChar.VINTR, NO_KEY);
    terminal.setAttributes(attributes);
    /* Who had it while this process was stopped has left it as it likes it. */
    terminal.handle(Terminal.Signal.CONT, _ -> terminal.setAttributes(attributes));
  }

  /** Ctrl-C as a key. */
  private static final class KeyedInterrupt extends UserInterruptException {
    private static final long serialVersionUID = 1;

    KeyedInterrupt(String line) {
      super(line);
    }
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
      /* The line that the answer wants to end has ended already. */
      String rest = brokenLine && text.startsWith("\n") ? text.substring(1) : text;
      brokenLine = false;
      if (editing) {
        reader.printAbove(rest);
      } else if (!rest.isEmpty()) {
        terminal.writer().print(rest);
        terminal.writer().flush();
        atLineStart = rest.endsWith("\n");
      }
    }
  }

  @Override
  public void note(String lines) {
    synchronized (lock) {
      if (lines.isEmpty()) {
        return;
      }
      boolean broken = brokenLine || !(atLineStart || editing);
      brokenLine = false;
      show((atLineStart || editing ? "" : "\n") + lines);
      brokenLine = broken;
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
        brokenLine = true;
        terminal.writer().print("\n");
        atLineStart = true;
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
    String initial = prompt ? typed.text() : ask.initial();
    try {
      String line = reader.readLine(ask.prompt(), null, (Character) null, initial);
      ended(prompt, line);
      return Optional.of(new Answer.Line(line));
    } catch (UserInterruptException e) {
      boolean withdrawn = !(e instanceof KeyedInterrupt) && isWithdrawn(ask);
      if (prompt) {
        typed.set(withdrawn ? e.getPartialLine() : "");
      }
      if (withdrawn) {
        erase(ask.prompt() + e.getPartialLine());
      }
      return withdrawn
          ? Optional.empty()
          : Optional.of(new Answer.Interrupted(String.valueOf(e.getPartialLine())));
    } catch (EndOfFileException _) {
      return Optional.of(new Answer.Ended());
    }
  }

  /** Takes a line from the screen that was being edited, if it is one of the screen's, too. */
  private void erase(String line) {
    synchronized (lock) {
      boolean one = line.indexOf('\n') < 0;
      if (one && new AttributedString(line).columnLength() < terminal.getWidth()) {
        terminal.puts(InfoCmp.Capability.cursor_up);
        terminal.puts(InfoCmp.Capability.clr_eos);
        terminal.flush();
      }
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
      typed.set("");
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
    bracketPastes(LineReaderImpl.BRACKETED_PASTE_ON);
    try {
      while (true) {
        Optional<Answer> answer = typed.take(terminal.reader().read());
        if (answer.isPresent()) {
          return answer;
        }
      }
    } catch (InterruptedIOException _) {
      return signalled();
    } catch (IOException e) {
      log.debug("the terminal is gone", e);
      return Optional.of(new Answer.Ended());
    } finally {
      bracketPastes(LineReaderImpl.BRACKETED_PASTE_OFF);
    }
  }

  private void bracketPastes(String sequence) {
    if (!terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
      synchronized (lock) {
        terminal.writer().print(sequence);
        terminal.writer().flush();
      }
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
    terminal.setAttributes(before);
    try {
      terminal.close();
    } catch (IOException e) {
      log.debug("close", e);
    }
  }
}
