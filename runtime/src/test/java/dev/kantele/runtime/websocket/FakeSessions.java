package dev.kantele.runtime.websocket;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.LogEntry;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.sessions.Sessions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sessions whose logs a test writes, and whose replies it may choose. It counts what it hands out.
 * Safe for use by many threads.
 */
public final class FakeSessions implements Sessions {
  /** The log of every session. */
  public static final LogId LOG = new LogId("log-1");

  private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

  /** A command that came. */
  public record Submitted(ClientKey client, Command.OfSession command) {}

  private record Waiting(
      Cursor cursor, int maxEvents, int maxBytes, CompletableFuture<PullReply> reply) {}

  private final Map<SessionId, List<LogEntry>> logs =
      new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
  private final Map<SessionId, List<Waiting>> waiting = new HashMap<>();
  private final Map<SessionId, Integer> openPulls = new HashMap<>();
  private final BlockingQueue<Submitted> submitted = new LinkedBlockingQueue<>();
  private Function<Command.OfSession, CompletionStage<Reply>> replies =
      command -> CompletableFuture.completedStage(standardReply(command));
  private boolean pullsFail;
  private int mostOpenPulls;
  private long deliveredBytes;
  private long alarmBytes = Long.MAX_VALUE;
  private CountDownLatch alarm = new CountDownLatch(1);

  /** Chooses the replies to commands. */
  public synchronized void replyBy(Function<Command.OfSession, CompletionStage<Reply>> function) {
    replies = function;
  }

  /** What every command gets unless a test chooses otherwise. */
  public synchronized Reply standardReply(Command.OfSession command) {
    long last = logs.getOrDefault(command.session(), List.of()).size();
    return switch (command) {
      case Command.SessionOpen open ->
          Reply.Ack.of(open.id(), new AckBody.Opened(/* created= */ true, LOG, last, 1));
      case Command.SessionAttach attach ->
          Reply.Ack.of(attach.id(), new AckBody.Attached(LOG, last, 1));
      case Command.OfSession other -> Reply.Ack.of(other.id(), new AckBody.Done());
    };
  }

  /** Makes every pull fail from now on. */
  public synchronized void failPulls() {
    pullsFail = true;
  }

  /** The next command that came. */
  public Submitted nextCommand() throws InterruptedException {
    Submitted next = submitted.poll(5, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no command came within 5 s");
    }
    return next;
  }

  /** How many commands came that no test took. */
  public int commands() {
    return submitted.size();
  }

  /** Adds an event to a session's log: one of about {@code bytes}. */
  public void append(SessionId session, int bytes) {
    append(session, new EventBody.Warning(Optional.empty(), "w", "x".repeat(bytes)));
  }

  /** Adds an event to a session's log. */
  public void append(SessionId session, EventBody body) {
    List<Runnable> answers;
    synchronized (this) {
      List<LogEntry> log = logs.computeIfAbsent(session, _ -> new ArrayList<>());
      log.add(new LogEntry(session, Covers.of(log.size() + 1), AT, body));
      answers = serve(session);
    }
    answers.forEach(Runnable::run);
  }

  /** Ends every subscription to a session. */
  public void erase(SessionId session) {
    List<Waiting> ended;
    synchronized (this) {
      logs.remove(session);
      ended = waiting.getOrDefault(session, List.of());
      waiting.remove(session);
      openPulls.remove(session);
    }
    ended.forEach(
        pull -> pull.reply().complete(new PullReply.Detached("session_not_found", "Erased.")));
  }

  /** The most pulls that were open for one session at a time. */
  public synchronized int mostOpenPulls() {
    return mostOpenPulls;
  }

  /** Bytes of all events that were handed out. */
  public synchronized long deliveredBytes() {
    return deliveredBytes;
  }

  /** Whether more than {@code bytes} are handed out within {@code millis}. */
  public boolean deliversMoreThan(long bytes, long millis) throws InterruptedException {
    CountDownLatch exceeded;
    synchronized (this) {
      if (deliveredBytes > bytes) {
        return true;
      }
      alarmBytes = bytes;
      alarm = new CountDownLatch(1);
      exceeded = alarm;
    }
    return exceeded.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public CompletionStage<Reply> submit(ClientKey client, Command.OfSession command) {
    submitted.add(new Submitted(client, command));
    Function<Command.OfSession, CompletionStage<Reply>> function;
    synchronized (this) {
      function = replies;
    }
    return function.apply(command);
  }

  @Override
  public CompletionStage<PullReply> pull(
      SessionId session, Cursor cursor, int maxEvents, int maxBytes) {
    var pull = new Waiting(cursor, maxEvents, maxBytes, new CompletableFuture<>());
    List<Runnable> answers;
    synchronized (this) {
      if (pullsFail) {
        return CompletableFuture.failedStage(new IllegalStateException("disk on fire"));
      }
      waiting.computeIfAbsent(session, _ -> new ArrayList<>()).add(pull);
      int open = openPulls.merge(session, 1, Integer::sum);
      mostOpenPulls = Math.max(mostOpenPulls, open);
      answers = serve(session);
    }
    answers.forEach(Runnable::run);
    return pull.reply();
  }

  @Override
  public synchronized CompletionStage<List<SessionId>> list(Optional<SessionId> after, int limit) {
    return CompletableFuture.completedStage(
        logs.keySet().stream()
            .filter(id -> after.isEmpty() || id.value().compareTo(after.get().value()) > 0)
            .limit(limit)
            .toList());
  }

  /* Whoever asks owns them all. */
  @Override
  public CompletionStage<List<SessionId>> list(String owner, Optional<SessionId> after, int limit) {
    return list(after, limit);
  }

  private List<Runnable> serve(SessionId session) {
    List<LogEntry> log = logs.getOrDefault(session, List.of());
    var left = new ArrayList<Waiting>();
    var answers = new ArrayList<Runnable>();
    for (Waiting pull : waiting.getOrDefault(session, List.of())) {
      if (pull.cursor().after() >= log.size()) {
        left.add(pull);
      } else {
        PullReply.Batch batch = batch(log, pull);
        openPulls.merge(session, -1, Integer::sum);
        answers.add(() -> pull.reply().complete(batch));
      }
    }
    waiting.put(session, left);
    return answers;
  }

  private PullReply.Batch batch(List<LogEntry> log, Waiting pull) {
    var deliveries = new ArrayList<Delivery>();
    int bytes = 0;
    for (int i = (int) pull.cursor().after(); i < log.size(); i++) {
      LogEntry entry = log.get(i);
      int size = entry.body() instanceof EventBody.Warning warning ? warning.message().length() : 0;
      if (!deliveries.isEmpty()
          && (deliveries.size() == pull.maxEvents() || bytes + size > pull.maxBytes())) {
        break;
      }
      deliveries.add(new Delivery(entry.covers(), entry));
      bytes += size;
    }
    deliveredBytes += bytes;
    if (deliveredBytes > alarmBytes) {
      alarm.countDown();
    }
    return new PullReply.Batch(deliveries, Cursor.of(LOG, deliveries.getLast().covers().to()));
  }
}
