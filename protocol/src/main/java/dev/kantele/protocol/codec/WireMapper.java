package dev.kantele.protocol.codec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.util.List;

/**
 * Object mappers that read and write messages, and records made of them, by the names of the wire:
 * snake_case fields, {@code type} by {@link dev.kantele.protocol.WireName}, times as RFC 3339 with
 * milliseconds, absent values left out. Fields that a record does not know are ignored. The same
 * holds for any format of Jackson's, so that what a journal keeps reads like what the wire carries.
 */
public final class WireMapper {
  /** Whole characters go as UTF-8; half a one, where a text was cut within it, is escaped. */
  private static final ObjectMapper JSON =
      on(JsonFactory.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build());

  /** Returns the mapper for JSON. It is shared: copy it to configure it further. */
  public static ObjectMapper json() {
    return JSON;
  }

  /** Returns a mapper for another format, as in {@code on(new CBORFactory())}. */
  public static ObjectMapper on(JsonFactory format) {
    return configure(new ObjectMapper(format));
  }

  /** Configures {@code mapper} before its first use, and returns it. */
  @SuppressWarnings("deprecation") // A mapper that exists can be configured in no other way.
  public static ObjectMapper configure(ObjectMapper mapper) {
    // What a family's reader leaves out of a list, as an event of a newer version, is not there.
    mapper.configOverride(List.class).setSetterInfo(JsonSetter.Value.forContentNulls(Nulls.SKIP));
    return mapper
        .registerModule(new Jdk8Module())
        .registerModule(new WireModule())
        .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .setDefaultPropertyInclusion(
            JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
        .configure(MapperFeature.ALLOW_COERCION_OF_SCALARS, false)
        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  private WireMapper() {}
}
