package dev.kantele.protocol;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** One message of a transcript; {@code partial} marks an assistant's message that was cut off. */
public record Message(Role role, List<Part> content, boolean partial) {
  public Message {
    requireNonNull(role, "role");
    content = List.copyOf(content);
  }

  /** A whole message. */
  public static Message of(Role role, List<Part> content) {
    return new Message(role, content, /* partial= */ false);
  }

  /** Returns the text of all {@link Part.Text} parts, joined. */
  public String text() {
    var text = new StringBuilder();
    for (Part part : content) {
      if (part instanceof Part.Text(var piece)) {
        text.append(piece);
      }
    }
    return text.toString();
  }
}
