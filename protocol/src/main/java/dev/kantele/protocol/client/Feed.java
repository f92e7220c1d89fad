package dev.kantele.protocol.client;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.WireError;
import dev.kantele.protocol.client.Timers.Timer;
import dev.kantele.protocol.sequence.EventCursor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One session's events, for any number of readers that may be at different places. Confined to the
 * client's mailbox.
 *
 * <p>A connection has one subscription to a session. It stands at one place of the log, and every
 * reader that is there and has room takes what comes. A reader without room is left behind; when it
 * has room again, it waits for its turn, in which the subscription is attached anew at its place.
 * So readers do not hold up one another, and each costs at most a window of events here. A turn is
 * over after half a window, at the end of the log as it was, or when nobody there has room.
 */
final class Feed {
  /** How often in a row an attach may bring nothing that fits. */
  private static final int MAX_VAIN = 5;

  private final SessionId session;
  private final int window;
  private final boolean restartsUnknown;
  private final Services services;
  private final List<Reader> readers = new ArrayList<>();

  private boolean open;

  /** Where the subscription stands; null while there is none. */
  private @Nullable EventCursor place;

  /** The log that it stands in. */
  private Optional<LogId> log = Optional.empty();

  private boolean attaching;

  /** Whether an event is being handed out; what comes of it is done after that. */
  private boolean passing;

  private @Nullable Timer pause;

  /** Events that the node may still send; less than nothing after a long snapshot. */
  private long credit;

  /** What is left of the turn of those who are being served. */
  private long turnLeft;

  private long lastSeqAtAttach;
  private long turns;
  private int vain;
  private long newest;

  /** What a feed needs of its client. */
  interface Services {
    /** Sends a command that means nothing on another connection. */
    void submitBound(Command command, ReplyHandler handler);

    /** A new name for a command. */
    CommandId newId();

    /** Runs a task in the mailbox after the pause before try {@code number}. */
    Timer retry(int number, Runnable task);
  }

  Feed(SessionId session, ClientSettings settings, Services services) {
    this.session = session;
    this.window = settings.eventWindow();
    this.restartsUnknown = settings.restartUnknownCursors();
    this.services = services;
  }

  /** The log has reached {@code seq}. */
  void reached(long seq) {
    newest = Math.max(newest, seq);
  }

  /** The greatest number that was seen: what is prompted from now on comes after it. */
  long newest() {
    return newest;
  }

  void add(Reader reader) {
    readers.add(reader);
    advance();
  }

  void remove(Reader reader) {
    if (readers.remove(reader) && !passing) {
      advance();
    }
  }

  /** There is a connection. */
  void opened() {
    open = true;
    advance();
  }

  /** The connection, and with it the subscription, is gone. */
  void lost() {
    open = false;
    attaching = false;
    place = null;
    cancelPause();
  }

  /** There will be no connection any more. */
  void ended(ClientException because) {
    lost();
    List<Reader> all = List.copyOf(readers);
    readers.clear();
    all.forEach(reader -> reader.failed(because));
  }

  /** Does what can be done now: to be called when anything has changed. */
  void advance() {
    if (!open || attaching || pause != null) {
      return;
    }
    if (place == null) {
      next().ifPresent(this::attach);
    } else if (readers.isEmpty()) {
      detach();
    } else {
      int room = roomHere();
      Optional<Reader> other = room == 0 || turnIsOver() ? next() : Optional.empty();
      if (other.isPresent()) {
        attach(other.get());
      } else if (room - credit >= enough()) {
        grant(room - credit);
      }
    }
  }

  private boolean turnIsOver() {
    return turnLeft <= 0 || (place != null && place.last() >= lastSeqAtAttach);
  }

  /** What is worth a command. */
  private int enough() {
    return Math.max(1, window / 2);
  }

  private boolean isHere(Reader reader) {
    return place != null
        && place.equals(reader.cursor())
        && (reader.log().isEmpty() || reader.log().equals(log));
  }

  private int roomHere() {
    return readers.stream().filter(this::isHere).mapToInt(Reader::room).max().orElse(0);
  }

  /** Of those who are elsewhere and have room, the one that has waited longest. */
  private Optional<Reader> next() {
    return readers.stream()
        .filter(reader -> !isHere(reader) && reader.room() >= enough())
        .min(
            Comparator.comparingLong((Reader reader) -> reader.served)
                .thenComparingLong(reader -> reader.cursor().last()));
  }

  private void attach(Reader reader) {
    place = null;
    attaching = true;
    turns++;
    readers.forEach(Reader::beginAgain);
    int room = reader.room();
    long after = reader.cursor().last();
    var command =
        new Command.SessionAttach(
            services.newId(), session, after, reader.log(), OptionalLong.of(room));
    services.submitBound(
        command,
        new ReplyHandler() {
          @Override
          public void replied(Reply reply) {
            attaching = false;
            if (reply instanceof Reply.Ack(_, _, AckBody.Attached attached)) {
              attached(command, attached);
            } else {
              refused(command, reply);
            }
            advance();
          }

          @Override
          public void failed(ClientException because) {}
        });
  }

  private void attached(Command.SessionAttach command, AckBody.Attached attached) {
    place = EventCursor.after(command.after());
    log = Optional.of(attached.log());
    credit = command.credit().orElse(0);
    turnLeft = enough();
    lastSeqAtAttach = attached.lastSeq();
    newest = Math.max(newest, attached.lastSeq());
    for (Reader reader : readers) {
      if (isHere(reader)) {
        reader.attachedTo(attached.log());
        reader.served = turns;
      }
    }
  }

  private void refused(Command.SessionAttach command, Reply reply) {
    WireError error =
        reply instanceof Reply.Nack nack
            ? nack.error()
            : WireError.of(ErrorCode.INTERNAL, "The node answered with something else.");
    if (error.retryable()) {
      vain++;
      waitBeforeTry(vain);
      return;
    }
    List<Reader> affected =
        readers.stream()
            .filter(
                reader ->
                    reader.cursor().last() == command.after() && reader.log().equals(command.log()))
            .toList();
    boolean restart =
        restartsUnknown
            && error.code() == ErrorCode.CURSOR_UNKNOWN
            && (command.after() > 0 || command.log().isPresent());
    for (Reader reader : affected) {
      if (restart && reader.mayRestart()) {
        reader.restart();
      } else {
        fail(reader, new CommandRefusedException(error));
      }
    }
  }

  /** The node sent an event of this session. */
  void happened(Event event) {
    EventCursor here = place;
    if (here == null || attaching) {
      return; // Of a subscription that another has taken the place of.
    }
    if (event.body() instanceof EventBody.SessionDetached detached) {
      attachAgain("the node ended the subscription: " + detached.message());
      return;
    }
    switch (here.accept(event.covers(), event.body())) {
      case EventCursor.Step.Accepted(var next) -> pass(event, next);
      case EventCursor.Step.Hole(var expected, var got) -> misfit(expected, got.from());
      case EventCursor.Step.Repeat(var expected, var got) -> misfit(expected, got.from());
    }
    advance();
  }

  private void pass(Event event, EventCursor next) {
    List<Reader> takers =
        readers.stream()
            .filter(reader -> isHere(reader) && reader.hasRoomFor(event.body()))
            .toList();
    place = next;
    credit--;
    turnLeft--;
    vain = 0;
    newest = Math.max(newest, next.last());
    passing = true;
    for (Reader reader : takers) {
      if (readers.contains(reader)) {
        reader.take(event, next);
        if (event.body() instanceof EventBody.SessionClosed && readers.remove(reader)) {
          reader.completed();
        }
      }
    }
    passing = false;
  }

  private void misfit(long expected, long got) {
    attachAgain("event %d came where %d was due".formatted(got, expected));
  }

  /** Gives the subscription up for a new one, at once if this is new. */
  private void attachAgain(String because) {
    List<Reader> here = readers.stream().filter(this::isHere).toList();
    place = null;
    vain++;
    if (vain > MAX_VAIN) {
      vain = 0;
      here.forEach(
          reader ->
              fail(
                  reader,
                  new EventsLostException(
                      "the events of session %s do not go on: %s".formatted(session, because))));
    }
    if (vain > 1) {
      waitBeforeTry(vain);
    }
    advance();
  }

  private void waitBeforeTry(int number) {
    pause =
        services.retry(
            number,
            () -> {
              pause = null;
              advance();
            });
  }

  private void fail(Reader reader, ClientException because) {
    if (readers.remove(reader)) {
      reader.failed(because);
    }
  }

  private void grant(long events) {
    credit += events;
    long turn = turns;
    services.submitBound(
        new Command.SessionCredit(services.newId(), session, events),
        new ReplyHandler() {
          @Override
          public void replied(Reply reply) {
            /* Without it the subscription would wait for ever. */
            if (reply instanceof Reply.Nack(_, var error) && turn == turns && place != null) {
              attachAgain("credit was refused: " + error.message());
            }
          }

          @Override
          public void failed(ClientException because) {}
        });
  }

  private void detach() {
    place = null;
    services.submitBound(
        new Command.SessionDetach(services.newId(), session),
        new ReplyHandler() {
          @Override
          public void replied(Reply reply) {}

          @Override
          public void failed(ClientException because) {}
        });
  }

  private void cancelPause() {
    if (pause != null) {
      pause.cancel();
      pause = null;
    }
  }
}
