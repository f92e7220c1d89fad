package dev.kantele.protocol.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Secret;
import dev.kantele.protocol.WireNumber;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

/** Makes messages of any type out of the components of its records. */
final class RandomMessages {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int MAX_TRIES = 1_000;

  private final Random random;

  RandomMessages(Random random) {
    this.random = random;
  }

  /** Returns a random value of {@code type}, which may be a sealed interface. */
  <T> T next(Class<T> type) {
    return type.cast(value(type, 0));
  }

  private Object value(Type type, int level) {
    if (type instanceof ParameterizedType generic) {
      Type content = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == List.class) {
        return list(content, level);
      }
      return random.nextBoolean() ? Optional.of(value(content, level + 1)) : Optional.empty();
    }
    Class<?> asked = (Class<?>) type;
    if (asked.isSealed()) {
      return value(oneOf(concrete(asked)), level + 1);
    }
    if (asked.isEnum()) {
      return oneOf(List.of(asked.getEnumConstants()));
    }
    return asked.isRecord() ? record(asked, level + 1) : scalar(asked, level);
  }

  private Object scalar(Class<?> type, int level) {
    if (type == String.class) {
      return text();
    } else if (type == long.class) {
      return number();
    } else if (type == int.class || type == Integer.class) {
      return random.nextInt(1, 1_000);
    } else if (type == boolean.class || type == Boolean.class) {
      return random.nextBoolean();
    } else if (type == OptionalLong.class) {
      return random.nextBoolean() ? OptionalLong.of(number()) : OptionalLong.empty();
    } else if (type == OptionalInt.class) {
      return random.nextBoolean() ? OptionalInt.of(random.nextInt(1, 1_000)) : OptionalInt.empty();
    } else if (type == OptionalDouble.class) {
      return random.nextBoolean() ? OptionalDouble.of(decimal()) : OptionalDouble.empty();
    } else if (type == Instant.class) {
      return Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000));
    } else if (type == Secret.class) {
      return new Secret(text());
    } else if (type == JsonNode.class) {
      return random.nextBoolean() ? object(level) : json(level);
    }
    throw new IllegalArgumentException(type + " (expected: a type of the protocol's)");
  }

  private Object record(Class<?> type, int level) {
    RecordComponent[] components = type.getRecordComponents();
    boolean isId =
        components.length == 1
            && components[0].getName().equals("value")
            && components[0].getType() == String.class;
    for (int i = 0; i < MAX_TRIES; i++) {
      Object[] values =
          Arrays.stream(components)
              .map(
                  component ->
                      isId || isToolName(component)
                          ? name()
                          : value(component.getGenericType(), level))
              .toArray();
      if (accepts(type, values)) {
        return create(type, components, values);
      }
    }
    throw new IllegalStateException(type + ": no values fit in " + MAX_TRIES + " tries");
  }

  private static boolean isToolName(RecordComponent component) {
    return component.getName().equals("name")
        && component.getDeclaringRecord().getSimpleName().equals("ToolDescription");
  }

  private static boolean accepts(Class<?> type, Object[] values) {
    try {
      create(type, type.getRecordComponents(), values);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static Object create(Class<?> type, RecordComponent[] components, Object[] values) {
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new AssertionError(type.getName(), e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(type.getName(), e);
    }
  }

  /** The records below a sealed interface that can be sent. */
  static List<Class<?>> concrete(Class<?> root) {
    List<Class<?>> records = new ArrayList<>();
    for (Class<?> permitted : root.getPermittedSubclasses()) {
      if (permitted.isSealed()) {
        records.addAll(concrete(permitted));
      } else if (permitted != EventBody.Unknown.class) {
        records.add(permitted);
      }
    }
    return records;
  }

  private List<Object> list(Type content, int level) {
    int size = level > 6 ? 0 : random.nextInt(4);
    List<Object> elements = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      elements.add(value(content, level + 1));
    }
    return elements;
  }

  private String name() {
    String characters = "ABCxyz019_-";
    var name = new StringBuilder();
    int length = random.nextInt(1, 12);
    for (int i = 0; i < length; i++) {
      name.append(characters.charAt(random.nextInt(characters.length())));
    }
    return name.toString();
  }

  private String text() {
    var text = new StringBuilder();
    int length = random.nextInt(20);
    for (int i = 0; i < length; i++) {
      int c = random.nextInt(4) == 0 ? random.nextInt(0x110000) : random.nextInt(0x100);
      if (c < 0xd800 || c > 0xdfff) {
        text.appendCodePoint(c);
      }
    }
    return text.toString();
  }

  private long number() {
    return random.nextInt(8) == 0
        ? WireNumber.MAX
        : random.nextLong(1, 1L << random.nextInt(1, 53));
  }

  private double decimal() {
    return random.nextGaussian() * Math.pow(10, random.nextInt(-200, 200));
  }

  private JsonNode json(int level) {
    return switch (random.nextInt(level > 6 ? 6 : 8)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.textNode(text());
      case 3 -> NODES.numberNode(decimal());
      case 4 -> NODES.numberNode(random.nextInt());
      case 5 -> NODES.numberNode(BigInteger.TWO.pow(random.nextInt(63, 100)));
      case 6 -> array(level);
      default -> object(level);
    };
  }

  private ArrayNode array(int level) {
    ArrayNode array = NODES.arrayNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      array.add(json(level + 1));
    }
    return array;
  }

  private ObjectNode object(int level) {
    ObjectNode object = NODES.objectNode();
    for (int i = level > 6 ? 0 : random.nextInt(4); i > 0; i--) {
      object.set(text(), json(level + 1));
    }
    return object;
  }

  private <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** A command that its decoder takes: only the first five parts may come from a client. */
  Command nextCommand() {
    while (true) {
      Command command = next(Command.class);
      if (!(command instanceof Command.Prompt prompt)
          || prompt.content().stream().allMatch(RandomMessages::isInput)) {
        return command;
      }
    }
  }

  private static boolean isInput(Part part) {
    return switch (part) {
      case Part.Text _, Part.Image _, Part.File _, Part.Resource _, Part.Data _ -> true;
      case Part.Reasoning _, Part.ToolCall _, Part.ToolResult _ -> false;
    };
  }
}
