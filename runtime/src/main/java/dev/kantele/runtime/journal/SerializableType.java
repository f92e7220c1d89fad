package dev.kantele.runtime.journal;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A type that {@link JournalSerializer} writes, under the manifest {@code name:version}.
 *
 * <p>Adding an optional field needs no new version: a reader ignores what it does not know and
 * finds absent what was not written. Anything else does, with an upcast from the version before.
 *
 * @param name the type's name in manifests; never reused, never changed
 * @param version the version that is written, from 1
 * @param type the class; its subclasses are written as it
 * @param upcasts by version: makes of a value of that version one of the next
 */
public record SerializableType<T>(
    String name, int version, Class<T> type, Map<Integer, UnaryOperator<ObjectNode>> upcasts) {
  public SerializableType {
    if (!name.matches("[a-z][a-z0-9.-]*")) {
      throw new IllegalArgumentException(
          "name: " + name + " (expected: a-z, 0-9, '.' and '-', a letter first)");
    }
    if (version < 1) {
      throw new IllegalArgumentException("version: " + version + " (expected: 1 or more)");
    }
    requireNonNull(type, "type");
    upcasts = Map.copyOf(upcasts);
    for (int old = 1; old < version; old++) {
      if (!upcasts.containsKey(old)) {
        throw new IllegalArgumentException(name + ": no upcast from version " + old);
      }
    }
  }

  /** A type in its first version. */
  public static <T> SerializableType<T> of(String name, Class<T> type) {
    return new SerializableType<>(name, 1, type, Map.of());
  }

  /**
   * The same type one version on; {@code upcast} makes of a value of this version one of the next.
   */
  public SerializableType<T> then(UnaryOperator<ObjectNode> upcast) {
    Map<Integer, UnaryOperator<ObjectNode>> all = new HashMap<>(upcasts);
    all.put(version, upcast);
    return new SerializableType<>(name, version + 1, type, all);
  }

  /** What is written beside the bytes. */
  public String manifest() {
    return name + ":" + version;
  }
}
