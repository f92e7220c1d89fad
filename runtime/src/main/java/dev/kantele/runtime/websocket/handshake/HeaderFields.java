package dev.kantele.runtime.websocket.handshake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The header fields of a request or a response. */
@FunctionalInterface
public interface HeaderFields {
  /**
   * The values of all fields of a name, as they came one after the other; none if there is no such
   * field.
   *
   * @param name compared without regard to case
   */
  List<String> values(String name);

  /** The value of the one field of a name; empty if there is none, or more than one. */
  default Optional<String> single(String name) {
    List<String> values = values(name);
    return values.size() == 1 ? Optional.of(values.getFirst().strip()) : Optional.empty();
  }

  /** The elements of a list that may be spread over fields (RFC 9110, section 5.6.1). */
  default List<String> elements(String name) {
    var elements = new ArrayList<String>();
    for (String value : values(name)) {
      for (String element : value.split(",", -1)) {
        if (!element.isBlank()) {
          elements.add(element.strip());
        }
      }
    }
    return elements;
  }

  /** Whether such a list has an element, compared without regard to case. */
  default boolean hasElement(String name, String element) {
    return elements(name).stream().anyMatch(element::equalsIgnoreCase);
  }
}
