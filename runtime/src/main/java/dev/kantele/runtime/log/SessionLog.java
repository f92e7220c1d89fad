package dev.kantele.runtime.log;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.StreamId;
import dev.kantele.runtime.log.JournalRecord.Visible;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The volatile part of a session's log: the numbers given, the window of latest entries, and what
 * the running operations have said. Made anew whenever the session recovers. Confined to the
 * session's actor; deterministic.
 *
 * <p>A cursor is a number: "I have everything up to here." Whatever it is, {@link #pull} says what
 * comes next, so a slow subscriber costs nothing between two pulls.
 */
public final class SessionLog {
  /** How many bytes of entries are kept in memory by default. */
  public static final long DEFAULT_WINDOW_BYTES = 256 * 1024;

  private final SessionId session;
  private final LogWindow window;
  private final Map<String, OpenOperation> running = new LinkedHashMap<>();
  private long lastSeq;
  private long reserved;
  private Instant lastAt = Instant.EPOCH;

  /** An empty log. */
  public SessionLog(SessionId session, long windowBytes) {
    this.session = requireNonNull(session, "session");
    this.window = new LogWindow(windowBytes);
  }

  /** Goes on after {@code lastSeq} with nothing in memory and nothing running. */
  public void restart(long lastSeq, long reserved) {
    this.lastSeq = lastSeq;
    this.reserved = reserved;
    running.clear();
    window.clear(lastSeq);
  }

  /** The last number given. */
  public long lastSeq() {
    return lastSeq;
  }

  /** How many live events may be given a number before another row extends the reservation. */
  public long room() {
    return reserved - lastSeq;
  }

  /** Takes in rows that are durable now. */
  public void committed(List<JournalRecord> rows) {
    for (JournalRecord row : rows) {
      reserved = row.reserved();
      lastAt = row.at();
      if (row.content() instanceof Visible(var body)) {
        lastSeq = row.seq();
        begin(body);
        window.add(new LogEntry(session, row.covers(), row.at(), body), null, /* durable= */ true);
        end(body);
      }
    }
  }

  private void begin(EventBody.Durable body) {
    switch (body) {
      case EventBody.StreamStarted started ->
          running.put(
              started.stream().value(), new OpenStreamText(started.turn(), started.stream()));
      case EventBody.ToolStarted started ->
          running.put(
              started.invocation().value(),
              new OpenToolOutput(started.turn(), started.invocation()));
      default -> {}
    }
  }

  private void end(EventBody.Durable body) {
    if (body instanceof EventBody.Terminal) {
      switch (body) {
        case EventBody.OfStream of -> running.remove(of.stream().value());
        case EventBody.OfInvocation of -> running.remove(of.invocation().value());
        default -> {}
      }
    }
  }

  /**
   * Gives a live event its number.
   *
   * @throws IllegalStateException if there is no {@link #room()}
   */
  public void live(EventBody.Live body, Instant at) {
    if (room() < 1) {
      throw new IllegalStateException(
          "live event after " + lastSeq + " (reserved: up to " + reserved + ")");
    }
    lastSeq++;
    lastAt = at;
    OpenOperation operation = operationOf(body);
    if (operation != null) {
      operation.append(lastSeq, body);
    }
    window.add(
        new LogEntry(session, Covers.of(lastSeq), at, body), operation, /* durable= */ false);
  }

  private @Nullable OpenOperation operationOf(EventBody.Live body) {
    return switch (body) {
      case EventBody.TextDelta delta -> running.get(delta.stream().value());
      case EventBody.ReasoningDelta delta -> running.get(delta.stream().value());
      case EventBody.ToolCallDelta delta -> running.get(delta.stream().value());
      case EventBody.ToolOutput output -> running.get(output.invocation().value());
      case EventBody.Warning _ -> null;
    };
  }

  /** What a stream has said so far; empty if it is not running. */
  public Message message(
      StreamId stream,
      boolean partial,
      Map<Integer, String> signatures,
      Function<String, Optional<JsonNode>> arguments) {
    return running.get(stream.value()) instanceof OpenStreamText text
        ? text.message(partial, signatures, arguments)
        : new Message(Role.ASSISTANT, List.of(), partial);
  }

  /** The id of the tool call in part {@code part} of {@code stream}. */
  public static InvocationId invocation(StreamId stream, int part) {
    return new InvocationId(stream.value() + "." + part);
  }

  /** How many characters a stream or tool call has said so far. */
  public long lengthOf(String operation) {
    OpenOperation open = running.get(operation);
    return open == null ? 0 : open.mergedLength(0, lastSeq);
  }

  /**
   * What the running operation {@code id}, a stream or a tool call, has said so far, one event a
   * part.
   */
  public List<EventBody.Live> said(String id) {
    OpenOperation operation = running.get(id);
    return operation == null ? List.of() : operation.merged(0, lastSeq);
  }

  /** Lets go of the window while nobody reads and nothing runs. */
  public void release() {
    if (running.isEmpty()) {
      window.clear(lastSeq);
    }
  }

  /** About what a message takes, in bytes. */
  public static int sizeOf(Message message) {
    return BodySize.of(message);
  }

  /** About what an event takes, in bytes. */
  public static int sizeOf(EventBody body) {
    return BodySize.of(body);
  }

  /** The bytes that the window takes. */
  public long windowBytes() {
    return window.bytes();
  }

  /**
   * What comes after {@code after}: at most {@code maxEvents} events of about {@code maxBytes}
   * together, but at least one.
   */
  public Pulled pull(long after, long horizon, RowIndex index, int maxEvents, long maxBytes) {
    if (after > lastSeq) {
      return new Pulled.Ahead(lastSeq);
    }
    if (after == lastSeq) {
      return new Pulled.Nothing();
    }
    if (after + 1 < horizon) {
      return new Pulled.TooOld();
    }
    if (after < window.evictedDurable()) {
      return new Pulled.ReadJournal(index.rowAfter(after), window.evictedDurable());
    }
    var deliveries = new Deliveries(after, maxEvents, maxBytes);
    if (after < window.evicted()) {
      deliveries.catchUp(window.evicted());
    }
    deliveries.addAll(
        window.after(
            Math.max(after, window.evicted()), maxEvents, maxBytes, List.copyOf(running.values())));
    return deliveries.made.isEmpty()
        ? new Pulled.Nothing()
        : new Pulled.Deliveries(deliveries.made);
  }

  /**
   * Answers a {@link Pulled.ReadJournal}: {@code rows} are those that were read from there, in
   * order. Whatever happened since then, what it gives joins on to {@code after}.
   */
  public Pulled compose(
      long after, long horizon, List<JournalRecord> rows, int maxEvents, long maxBytes) {
    if (after + 1 < horizon) {
      return new Pulled.TooOld();
    }
    var deliveries = new Deliveries(after, maxEvents, maxBytes);
    for (JournalRecord row : rows) {
      if (row.content() instanceof Visible(var body) && row.seq() > after) {
        deliveries.catchUp(row.covers().from() - 1);
        deliveries.addAll(List.of(new LogEntry(session, row.covers(), row.at(), body)));
      }
    }
    return deliveries.made.isEmpty() ? new Pulled.TooOld() : new Pulled.Deliveries(deliveries.made);
  }

  /** Deliveries in the making, each joined to the one before. */
  private final class Deliveries {
    private final List<Delivery> made = new ArrayList<>();
    private final int maxEvents;
    private final long maxBytes;
    private long cursor;
    private long size;
    private boolean full;

    Deliveries(long after, int maxEvents, long maxBytes) {
      this.cursor = after;
      this.maxEvents = maxEvents;
      this.maxBytes = maxBytes;
    }

    /**
     * Says again, merged, what running operations said after the cursor up to {@code to}, as far as
     * it fits.
     */
    void catchUp(long to) {
      if (full || cursor >= to) {
        return;
      }
      long end = fitting(to);
      List<EventBody.Live> merged = merged(end);
      if (merged.isEmpty()) {
        return;
      }
      add(
          new LogEntry(
              session, new Covers(cursor + 1, end), lastAt, new EventBody.Catchup(merged)));
      full |= end < to;
    }

    private List<EventBody.Live> merged(long to) {
      var events = new ArrayList<EventBody.Live>();
      running.values().forEach(operation -> events.addAll(operation.merged(cursor, to)));
      return events;
    }

    private long saidAfterCursor(long to) {
      return running.values().stream()
          .mapToLong(operation -> operation.mergedLength(cursor, to))
          .sum();
    }

    /* The greatest number up to `to` that keeps the merged text within the bound, but at least one that says something. */
    private long fitting(long to) {
      if (saidAfterCursor(to) <= maxBytes) {
        return to;
      }
      long low = cursor + 1;
      long high = to;
      while (low < high) {
        long middle = low + (high - low + 1) / 2;
        if (saidAfterCursor(middle) <= maxBytes) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      return saidAfterCursor(low) == 0 ? low + 1 : low;
    }

    void addAll(List<LogEntry> entries) {
      for (LogEntry entry : entries) {
        add(entry);
      }
    }

    private void add(LogEntry entry) {
      int bytes = BodySize.of(entry.body());
      if (full || (!made.isEmpty() && (made.size() >= maxEvents || size + bytes > maxBytes))) {
        full = true;
        return;
      }
      long from = Math.min(entry.covers().from(), cursor + 1);
      made.add(new Delivery(new Covers(from, entry.seq()), entry));
      cursor = entry.seq();
      size += bytes;
    }
  }
}
