package dev.kantele.runtime.journal;

import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import org.apache.pekko.util.ByteString;

/** An object as the actor system's serialization wrote it. */
record Serialized(int serializerId, String manifest, ByteString bytes) {
  static Serialized of(Serialization serialization, Object object) {
    Serializer serializer = serialization.findSerializerFor(object);
    String manifest = Serializers.manifestFor(serializer, object);
    byte[] bytes = serialization.serialize(object).get();
    return new Serialized(serializer.identifier(), manifest, ByteString.fromArrayUnsafe(bytes));
  }

  Object read(Serialization serialization) {
    return serialization.deserialize(bytes.toArrayUnsafe(), serializerId, manifest).get();
  }
}
