package dev.kantele.runtime.journal;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Progress;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.RequestId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.LogEntry;
import dev.kantele.runtime.log.RowIndex;
import dev.kantele.runtime.session.Clients;
import dev.kantele.runtime.session.RecentSet;
import dev.kantele.runtime.session.Transcript;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Makes a value of each record, from the types of its components. */
public final class Samples {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

  /** Whether optional components are there and lists have elements. */
  private final boolean full;

  /** What stands for each reference to an actor. */
  private final @Nullable ActorRef<?> actor;

  Samples(boolean full) {
    this(full, null);
  }

  /** Samples in which each reference to an actor is {@code actor}. */
  public Samples(boolean full, @Nullable ActorRef<?> actor) {
    this.full = full;
    this.actor = actor;
  }

  /** The records below a sealed interface. */
  public static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(Samples::leaves)
        : Stream.of(type);
  }

  /** A row for each kind of content. */
  List<JournalRecord> journalRecords() {
    return Stream.concat(
            leaves(EventBody.Durable.class)
                .distinct()
                .map(type -> new JournalRecord.Visible((EventBody.Durable) record(type))),
            leaves(JournalRecord.Note.class).map(type -> (JournalRecord.Note) record(type)))
        .map(content -> (JournalRecord) with(JournalRecord.class, content))
        .toList();
  }

  /** Values of {@code type}: one, or of a sealed one all. */
  public List<Object> all(Type type) {
    return type instanceof Class<?> sealed && sealed.isSealed()
        ? leaves(sealed).map(this::record).toList()
        : List.of(value(type));
  }

  private Object value(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type argument = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == ActorRef.class) {
        return requireNonNull(actor, "actor");
      }
      if (generic.getRawType() == Optional.class) {
        return full ? Optional.of(all(argument).getLast()) : Optional.empty();
      }
      List<Object> several = full ? all(argument) : List.of();
      return generic.getRawType() == Set.class
          ? Set.copyOf(several)
          : generic.getRawType() == RecentSet.class ? RecentSet.of(8, several) : several;
    }
    Class<?> raw = (Class<?>) type;
    if (raw == RowIndex.class) {
      return full ? RowIndex.of(new long[] {70, 64, 150, 128}, 130, 60) : RowIndex.EMPTY;
    }
    if (raw == Transcript.class) {
      return Transcript.of(several(Message.class));
    }
    if (raw == Clients.class) {
      return Clients.of(several(Clients.Entry.class));
    }
    if (raw == LogEntry.class) {
      return entry(record(leaves(EventBody.class).findFirst().orElseThrow()));
    }
    if (raw == String.class) {
      return "x-1";
    }
    if (raw == long.class) {
      return 1L;
    }
    if (raw == int.class) {
      return 1;
    }
    if (raw == boolean.class) {
      return full;
    }
    if (raw == Instant.class) {
      return AT;
    }
    if (raw == OptionalLong.class) {
      return full ? OptionalLong.of(7) : OptionalLong.empty();
    }
    if (raw == OptionalInt.class) {
      return full ? OptionalInt.of(7) : OptionalInt.empty();
    }
    if (raw == OptionalDouble.class) {
      return full ? OptionalDouble.of(0.5) : OptionalDouble.empty();
    }
    if (raw == JsonNode.class) {
      return json();
    }
    if (raw.isEnum()) {
      return raw.getEnumConstants()[0];
    }
    return raw.isSealed() ? record(leaves(raw).findFirst().orElseThrow()) : record(raw);
  }

  private <T> List<T> several(Class<T> type) {
    return full ? all(type).stream().map(type::cast).toList() : List.of();
  }

  /** An entry of a log. */
  public LogEntry entry(Object body) {
    return new LogEntry(new SessionId("x-1"), new Covers(1, 2), AT, (EventBody) body);
  }

  private Object record(Class<?> type) {
    Optional<String> data = Optional.of("AAEC");
    return switch (type.getSimpleName()) {
      case "Prompt" ->
          new Command.Prompt(
              new CommandId("x-1"),
              new SessionId("x-1"),
              (OptionalLong) value(OptionalLong.class),
              full
                  ? Stream.of(
                          Part.Text.class,
                          Part.Image.class,
                          Part.File.class,
                          Part.Resource.class,
                          Part.Data.class)
                      .map(part -> (Part) record(part))
                      .toList()
                  : List.of(new Part.Text("")),
              full ? Optional.of(new TurnId("t-1")) : Optional.empty(),
              full ? Optional.of(PromptPolicy.STEER) : Optional.empty(),
              (OptionalLong) value(OptionalLong.class),
              full ? Optional.of("a/b") : Optional.empty(),
              full ? Optional.of(json()) : Optional.empty(),
              full ? Optional.of(json()) : Optional.empty(),
              full ? Optional.of(json()) : Optional.empty());
      case "ToolProgress" ->
          new Command.ToolProgress(
              new CommandId("x-1"),
              new SessionId("x-1"),
              new InvocationId("i-1"),
              full ? Optional.empty() : Optional.of("chunk"),
              full ? Optional.of((Progress) record(Progress.class)) : Optional.empty());
      case "InputAnswer" ->
          new Command.InputAnswer(
              new CommandId("x-1"),
              new SessionId("x-1"),
              new RequestId("r-1"),
              full ? Optional.of(json()) : Optional.empty(),
              full ? Optional.empty() : Optional.of(true));
      case "Image" -> new Part.Image("image/png", data, Optional.empty());
      case "File" -> new Part.File("text/plain", "a.txt", Optional.empty(), Optional.of("urn:a"));
      case "ToolResult" ->
          type == Part.ToolResult.class
              ? new Part.ToolResult(new InvocationId("i-1"), output(), error())
              : new Command.ToolResult(
                  new CommandId("x-1"),
                  new SessionId("x-1"),
                  new InvocationId("i-1"),
                  output(),
                  error());
      default -> with(type, null);
    };
  }

  private Optional<JsonNode> output() {
    return full ? Optional.of(json()) : Optional.empty();
  }

  private Optional<Failure> error() {
    return full ? Optional.empty() : Optional.of(new Failure("code", "It broke.", true));
  }

  /** A record of which the component that takes {@code given}, if any, is it. */
  private Object with(Class<?> type, @Nullable Object given) {
    List<Class<?>> types = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      types.add(component.getType());
      values.add(
          given != null && component.getType().isInstance(given)
              ? given
              : value(component.getGenericType()));
    }
    try {
      var constructor = type.getDeclaredConstructor(types.toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      throw new AssertionError(type + " of " + values, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(type + " of " + values, e);
    }
  }

  private static JsonNode json() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return json.objectNode()
        .put("text", "ä\uD83C\uDFB5")
        .put("small", 1)
        .put("large", 9_007_199_254_740_991L)
        .put("fraction", 0.1)
        .put("yes", true)
        .putNull("nothing")
        .set("list", json.arrayNode().add(1).add("b").add(json.objectNode()));
  }
}
