package dev.kantele.protocol.codec;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells Jackson how the sealed families of messages go by their wire names. */
final class WireModule extends SimpleModule {
  private static final long serialVersionUID = 1;
  private static final List<WireNames> FAMILIES =
      List.of(WireNames.COMMANDS, WireNames.REPLIES, WireNames.EVENTS, WireNames.PARTS);

  WireModule() {
    super("kantele-wire");
    addSerializer(Instant.class, new WireTime.Serializer());
    addDeserializer(Instant.class, new WireTime.Deserializer());
    addSerializer(EventBody.Unknown.class, new UnknownEventSerializer());
    addSerializer(FramedBody.class, new FramedBody.Serializer());
    addSerializer(Reply.Ack.class, new AckSerializer());
    addDeserializer(Reply.Ack.class, new AckDeserializer());
    addDeserializer(AckBody.class, new AckBodyDeserializer());
    setSerializerModifier(new NameWriter());
  }

  @Override
  public void setupModule(SetupContext context) {
    super.setupModule(context);
    context.addDeserializers(new FamilyDeserializers());
  }

  /** Has each record with a wire name write it first. */
  private static final class NameWriter extends BeanSerializerModifier {
    private static final long serialVersionUID = 1;

    @Override
    public JsonSerializer<?> modifySerializer(
        SerializationConfig config, BeanDescription bean, JsonSerializer<?> serializer) {
      Optional<String> name = WireNames.nameOf(bean.getBeanClass());
      if (name.isEmpty() || serializer instanceof AckSerializer) {
        return serializer;
      }
      return new NamedSerializer(name.get(), serializer);
    }
  }

  /** Finds the reader for each sealed interface of a family. */
  private static final class FamilyDeserializers extends Deserializers.Base {
    @Override
    public @Nullable JsonDeserializer<?> findBeanDeserializer(
        JavaType type, DeserializationConfig config, BeanDescription bean) {
      Class<?> asked = type.getRawClass();
      if (!asked.isSealed()) {
        return null;
      }
      for (WireNames family : FAMILIES) {
        if (family.root().isAssignableFrom(asked)) {
          return new FamilyDeserializer(asked, family);
        }
      }
      return null;
    }
  }
}
