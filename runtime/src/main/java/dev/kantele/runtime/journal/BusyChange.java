package dev.kantele.runtime.journal;

import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.journal.BusySessions.Enter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A change of the set of busy sessions, with those who wait for it. */
final class BusyChange {
  private enum Direction {
    IN,
    OUT
  }

  private final Map<SessionId, Direction> directions = new LinkedHashMap<>();
  private final List<Enter> awaited = new ArrayList<>();

  /** Sessions that enter by this change, because somebody waits for it, and leave by the next. */
  private final Set<SessionId> leavers = new HashSet<>();

  void enter(Enter enter) {
    directions.put(enter.session(), Direction.IN);
    leavers.remove(enter.session());
    awaited.add(enter);
  }

  void leave(SessionId session) {
    if (enters(session)) {
      leavers.add(session);
    } else {
      directions.put(session, Direction.OUT);
    }
  }

  /** Takes back a wish to leave. */
  void stay(SessionId session) {
    directions.remove(session, Direction.OUT);
  }

  boolean enters(SessionId session) {
    return directions.get(session) == Direction.IN;
  }

  boolean leaves(SessionId session) {
    return directions.get(session) == Direction.OUT || leavers.contains(session);
  }

  boolean isEmpty() {
    return directions.isEmpty();
  }

  boolean isAwaited() {
    return !awaited.isEmpty();
  }

  List<Enter> awaited() {
    return awaited;
  }

  Set<SessionId> leavers() {
    return leavers;
  }

  /** Drops what is so already in {@code members}, and returns those who waited for that. */
  List<Enter> settle(Set<SessionId> members) {
    directions
        .entrySet()
        .removeIf(
            change -> (change.getValue() == Direction.IN) == members.contains(change.getKey()));
    List<Enter> settled = awaited.stream().filter(enter -> !enters(enter.session())).toList();
    awaited.removeAll(settled);
    Set<SessionId> leaving = new HashSet<>(leavers);
    leaving.removeIf(this::enters);
    leavers.removeAll(leaving);
    leaving.forEach(this::leave);
    return settled;
  }

  /** Hands those who want to leave over to {@code rest}, and returns those who wait in vain. */
  List<Enter> fail(BusyChange rest) {
    directions.forEach(
        (session, direction) -> {
          if (direction == Direction.OUT || leavers.contains(session)) {
            rest.leave(session);
          }
        });
    return awaited;
  }

  void applyTo(Set<SessionId> members) {
    directions.forEach(
        (session, direction) -> {
          switch (direction) {
            case IN -> members.add(session);
            case OUT -> members.remove(session);
          }
        });
  }

  BusyLog.Changed toEvent() {
    return new BusyLog.Changed(all(Direction.IN), all(Direction.OUT));
  }

  private List<SessionId> all(Direction direction) {
    return directions.entrySet().stream()
        .filter(change -> change.getValue() == direction)
        .map(Map.Entry::getKey)
        .toList();
  }
}
