package dev.kantele.protocol.codec;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.WireName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The wire names of one family of messages, read from its sealed interface and the {@link WireName}
 * of each record below it.
 */
public final class WireNames {
  /** What a client may ask. */
  public static final WireNames COMMANDS = of(Command.class);

  /** What a node may answer. */
  public static final WireNames REPLIES = of(Reply.class);

  /** What may happen in a session; {@link EventBody.Unknown} has the name that it came with. */
  public static final WireNames EVENTS = of(EventBody.class, EventBody.Unknown.class);

  /** What a message may be made of. */
  public static final WireNames PARTS = of(Part.class);

  /**
   * Reads the names below {@code root}.
   *
   * @param nameless the records that have none
   * @throws IllegalArgumentException if another record has no name, or two have the same
   */
  static WireNames of(Class<?> root, Class<?>... nameless) {
    var classes = new LinkedHashMap<String, Class<?>>();
    collect(root, Set.of(nameless), classes);
    return new WireNames(root, classes);
  }

  private static void collect(
      Class<?> type, Set<Class<?>> nameless, Map<String, Class<?>> classes) {
    if (type.isSealed()) {
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        collect(permitted, nameless, classes);
      }
    } else if (!nameless.contains(type)) {
      WireName name = type.getAnnotation(WireName.class);
      if (name == null) {
        throw new IllegalArgumentException(type.getName() + ": no @WireName");
      }
      Class<?> other = classes.putIfAbsent(name.value(), type);
      if (other != null && other != type) {
        throw new IllegalArgumentException(
            type.getName() + ": '" + name.value() + "' is the name of " + other.getName());
      }
    }
  }

  private final Class<?> root;
  private final Map<String, Class<?>> classes;

  private WireNames(Class<?> root, Map<String, Class<?>> classes) {
    this.root = root;
    this.classes = Collections.unmodifiableMap(classes);
  }

  /** The sealed interface that all of the family implement. */
  public Class<?> root() {
    return root;
  }

  /** The records by their wire names. */
  public Map<String, Class<?>> classes() {
    return classes;
  }

  /** Returns the record that goes by {@code name}. */
  public Optional<Class<?>> find(String name) {
    return Optional.ofNullable(classes.get(name));
  }

  /** Returns the name by which records of {@code type} go. */
  public static Optional<String> nameOf(Class<?> type) {
    return Optional.ofNullable(type.getAnnotation(WireName.class)).map(WireName::value);
  }
}
