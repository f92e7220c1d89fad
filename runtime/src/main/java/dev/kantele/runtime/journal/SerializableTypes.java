package dev.kantele.runtime.journal;

import com.fasterxml.jackson.databind.Module;
import java.util.List;

/**
 * Types for {@link JournalSerializer} to write. An implementation has a constructor without
 * parameters and is named under {@code kantele.serialization.types}; its types are bound to the
 * serializer {@code kantele} under {@code pekko.actor.serialization-bindings}.
 *
 * <p>Values are written by field like the wire's messages (snake_case, {@code type} for records
 * with a {@link dev.kantele.protocol.WireName}), in CBOR. A typed {@code ActorRef} may be among
 * them.
 */
public interface SerializableTypes {
  /** The types. */
  List<SerializableType<?>> types();

  /** What Jackson needs to know to write and read them. */
  default List<Module> modules() {
    return List.of();
  }
}
