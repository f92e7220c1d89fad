package dev.kantele.protocol.sequence;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.SessionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A session's log as a node may write it: turns one by one, with streams, calls and crashes. */
final class RandomLog {
  private final Random random;
  private final List<EventBody> bodies = new ArrayList<>();
  private int streams;
  private int calls;

  RandomLog(Random random) {
    this.random = random;
    bodies.add(Log.opened());
    int turns = random.nextInt(1, 5);
    for (int i = 0; i < turns; i++) {
      bodies.add(Log.queued("t" + i));
    }
    for (int i = 0; i < turns; i++) {
      turn("t" + i);
    }
    bodies.add(Log.closed());
  }

  /** The events, one number each. */
  List<Event> events() {
    List<Event> events = new ArrayList<>();
    for (EventBody body : bodies) {
      events.add(event(Covers.of(events.size() + 1), body));
    }
    return events;
  }

  /** The events as a subscriber gets them that is now and then too slow. */
  List<Event> slowly() {
    List<Event> events = new ArrayList<>();
    int from = 0;
    while (from < bodies.size()) {
      int to = from;
      while (random.nextInt(3) > 0 && isDelta(to) && isDelta(to + 1) && sameDelta(to, to + 1)) {
        to++;
      }
      boolean skips = random.nextInt(8) == 0 && isDelta(to) && !isDelta(to + 1);
      EventBody body = skips ? bodies.get(++to) : to > from ? merged(from, to) : bodies.get(from);
      events.add(event(new Covers(from + 1L, to + 1L), body));
      from = to + 1;
    }
    return events;
  }

  private void turn(String turn) {
    bodies.add(Log.turnStarted(turn));
    for (int i = random.nextInt(4); i > 0; i--) {
      stream(turn);
      if (random.nextBoolean()) {
        call(turn);
      }
    }
    bodies.add(Log.turnCompleted(turn));
  }

  private void stream(String turn) {
    String stream = "s" + streams++;
    bodies.add(Log.streamStarted(turn, stream));
    var text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      String piece = "word " + random.nextInt(10);
      text.append(piece);
      bodies.add(Log.text(turn, stream, 0, piece));
    }
    if (random.nextInt(4) == 0) {
      bodies.add(Log.recovered());
      bodies.add(Log.streamFailed(turn, stream));
    } else {
      bodies.add(Log.streamCompleted(turn, stream, new Part.Text(text.toString())));
    }
  }

  private void call(String turn) {
    String call = "i" + calls++;
    bodies.add(Log.toolRequested(turn, call));
    int attempts = random.nextInt(1, 3);
    for (int attempt = 1; attempt <= attempts; attempt++) {
      bodies.add(Log.toolStarted(turn, call, attempt));
      for (int i = random.nextInt(3); i > 0; i--) {
        bodies.add(Log.toolOutput(turn, call, "line"));
      }
      if (attempt < attempts) {
        bodies.add(Log.recovered());
      }
    }
    bodies.add(Log.toolCompleted(turn, call));
  }

  private boolean isDelta(int index) {
    return index < bodies.size() && bodies.get(index) instanceof EventBody.TextDelta;
  }

  private boolean sameDelta(int a, int b) {
    return bodies.get(a) instanceof EventBody.TextDelta first
        && bodies.get(b) instanceof EventBody.TextDelta second
        && first.stream().equals(second.stream());
  }

  private EventBody merged(int from, int to) {
    var text = new StringBuilder();
    EventBody.TextDelta first = (EventBody.TextDelta) bodies.get(from);
    for (EventBody body : bodies.subList(from, to + 1)) {
      text.append(((EventBody.TextDelta) body).text());
    }
    return Log.catchup(
        new EventBody.TextDelta(first.turn(), first.stream(), first.part(), text.toString()));
  }

  private static Event event(Covers covers, EventBody body) {
    return new Event(new SessionId("chat-1"), covers, Instant.EPOCH, body);
  }
}
