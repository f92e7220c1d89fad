package dev.kantele.protocol.sequence;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The operations of one kind that are open, and the ids of those that have ended. */
final class Lives<I, O> {
  private final String kind;
  private final Map<I, O> open = new LinkedHashMap<>();
  private final Set<I> ended = new HashSet<>();

  Lives(String kind) {
    this.kind = kind;
  }

  String kind() {
    return kind;
  }

  boolean isOpen(I id) {
    return open.containsKey(id);
  }

  boolean hasEnded(I id) {
    return ended.contains(id);
  }

  Optional<O> find(I id) {
    return Optional.ofNullable(open.get(id));
  }

  Collection<O> open() {
    return open.values();
  }

  List<I> openIds(Predicate<O> which) {
    return open.entrySet().stream()
        .filter(entry -> which.test(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  void begin(I id, O operation) {
    open.put(id, operation);
  }

  void end(I id) {
    open.remove(id);
    ended.add(id);
  }

  /** Takes a snapshot's word for what is open; what it leaves out has ended meanwhile. */
  void replace(Map<I, O> now, Consumer<String> violation) {
    for (I id : now.keySet()) {
      if (ended.contains(id)) {
        violation.accept("session.snapshot has " + kind + " " + id + " open after its end");
      }
    }
    open.keySet().stream().filter(id -> !now.containsKey(id)).forEach(ended::add);
    open.clear();
    open.putAll(now);
  }

  void describeOpen(List<String> sentences) {
    open.keySet().forEach(id -> sentences.add(kind + " " + id + " has no terminal event."));
  }
}
