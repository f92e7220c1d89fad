package dev.kantele.runtime.journal;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import com.typesafe.config.Config;
import dev.kantele.protocol.codec.WireMapper;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.apache.pekko.serialization.jackson.PekkoTypedJacksonModule;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * Writes what is kept in the journal and what goes between nodes: CBOR (RFC 8949) with a manifest
 * {@code name:version} for each type that {@link SerializableTypes} name. A value of an older
 * version is brought up to date when it is read; one of a newer version is refused.
 */
public final class JournalSerializer extends SerializerWithStringManifest {
  /** Stands in every row of the journal; never changed. */
  private static final int IDENTIFIER = 25_651;

  /** What was written can be read: the limits on what clients send are not repeated here. */
  private static final StreamReadConstraints UNLIMITED =
      StreamReadConstraints.builder()
          .maxStringLength(Integer.MAX_VALUE)
          .maxNameLength(Integer.MAX_VALUE)
          .maxNumberLength(Integer.MAX_VALUE)
          .build();

  private final Map<String, SerializableType<?>> byName = new HashMap<>();
  private final Map<Class<?>, SerializableType<?>> byClass = new ConcurrentHashMap<>();
  private final ObjectMapper mapper =
      WireMapper.on(
          CBORFactory.builder()
              .streamReadConstraints(UNLIMITED)
              // Models and tools may cut their text within a character.
              .enable(CBORGenerator.Feature.LENIENT_UTF_ENCODING)
              .build());

  /** Called by Pekko. */
  public JournalSerializer(ExtendedActorSystem system) {
    mapper.registerModule(new PekkoTypedJacksonModule());
    Config tables = system.settings().config().getConfig("kantele.serialization.types");
    tables.root().keySet().forEach(key -> add(instantiate(system, tables.getString(key))));
  }

  private static SerializableTypes instantiate(ExtendedActorSystem system, String className) {
    List<Tuple2<Class<?>, Object>> noArguments = List.of();
    return system
        .dynamicAccess()
        .createInstanceFor(
            className,
            CollectionConverters.asScala(noArguments).toList(),
            ClassTag$.MODULE$.<SerializableTypes>apply(SerializableTypes.class))
        .get();
  }

  private void add(SerializableTypes table) {
    mapper.registerModules(table.modules());
    for (SerializableType<?> type : table.types()) {
      SerializableType<?> other = byName.putIfAbsent(type.name(), type);
      if (other != null) {
        throw new IllegalStateException(
            type.name() + " is the name of " + other.type() + " and of " + type.type());
      }
      byClass.put(type.type(), type);
    }
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object object) {
    return typeOf(object).manifest();
  }

  @Override
  public byte[] toBinary(Object object) {
    typeOf(object);
    try {
      return mapper.writeValueAsBytes(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    int colon = manifest.lastIndexOf(':');
    SerializableType<?> type = colon < 0 ? null : byName.get(manifest.substring(0, colon));
    if (type == null) {
      throw new NotSerializableException("unknown manifest: " + manifest);
    }
    int version = versionOf(manifest, colon);
    if (version > type.version()) {
      throw new NotSerializableException(
          manifest
              + " was written by a newer version (this one reads up to "
              + type.manifest()
              + ")");
    }
    try {
      return version == type.version()
          ? mapper.readValue(bytes, type.type())
          : mapper.treeToValue(upcast(type, version, bytes), type.type());
    } catch (IOException e) {
      throw unreadable(manifest, e);
    }
  }

  private ObjectNode upcast(SerializableType<?> type, int version, byte[] bytes)
      throws IOException {
    ObjectNode tree = mapper.readValue(bytes, ObjectNode.class);
    for (int old = version; old < type.version(); old++) {
      tree = Optional.ofNullable(type.upcasts().get(old)).orElseThrow().apply(tree);
    }
    return tree;
  }

  private static int versionOf(String manifest, int colon) throws NotSerializableException {
    try {
      return Integer.parseUnsignedInt(manifest, colon + 1, manifest.length(), 10);
    } catch (NumberFormatException e) {
      throw unreadable(manifest, e);
    }
  }

  private static NotSerializableException unreadable(String manifest, Exception cause) {
    NotSerializableException unreadable =
        new NotSerializableException("can't read " + manifest + ": " + cause.getMessage());
    unreadable.initCause(cause);
    return unreadable;
  }

  private SerializableType<?> typeOf(Object object) {
    return byClass.computeIfAbsent(object.getClass(), this::inheritedType);
  }

  private SerializableType<?> inheritedType(Class<?> subclass) {
    return byName.values().stream()
        .filter(type -> type.type().isAssignableFrom(subclass))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    subclass.getName() + " is in no table of kantele.serialization.types"));
  }
}
