package dev.kantele.protocol.codec;

import static dev.kantele.protocol.codec.Kind.STRING;

import dev.kantele.protocol.Part;
import java.util.Optional;

/** Reads the parts that a client may send. */
final class PartReader {
  private static final String EXPECTED = "one of text, image, file, resource, data";

  static Part read(Fields part) throws Rejection {
    String type = part.required("type", STRING);
    return switch (type) {
      case "text" -> new Part.Text(part.required("text", STRING));
      case "image" -> image(part);
      case "file" -> file(part);
      case "resource" ->
          new Part.Resource(
              part.required("uri", STRING),
              part.optional("name", STRING),
              part.optional("media_type", STRING));
      case "data" -> data(part);
      default -> throw Rejection.invalidField(part.path("type"), Shown.text(type), EXPECTED);
    };
  }

  private static Part image(Fields part) throws Rejection {
    Optional<String> data = part.optional("data", STRING);
    Optional<String> url = part.optional("url", STRING);
    part.requireExactlyOne("data", data.isPresent(), "url", url.isPresent());
    return new Part.Image(part.required("media_type", STRING), data, url);
  }

  private static Part file(Fields part) throws Rejection {
    Optional<String> data = part.optional("data", STRING);
    Optional<String> url = part.optional("url", STRING);
    part.requireExactlyOne("data", data.isPresent(), "url", url.isPresent());
    return new Part.File(
        part.required("media_type", STRING), part.required("name", STRING), data, url);
  }

  private static Part data(Fields part) throws Rejection {
    var value = part.nullable("value");
    if (value.isEmpty()) {
      throw Rejection.invalidField(part.path("value"), "missing", Kind.ANY.expected());
    }
    return new Part.Data(value.get());
  }

  private PartReader() {}
}
