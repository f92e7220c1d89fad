package dev.kantele.runtime.session.actor;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.deser.std.StdDelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdDelegatingSerializer;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.StdConverter;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.codec.CodecLimits;
import dev.kantele.protocol.codec.Decoded;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.LogEntry;
import dev.kantele.runtime.log.RowIndex;
import dev.kantele.runtime.session.Clients;
import dev.kantele.runtime.session.OpenTurn;
import dev.kantele.runtime.session.SessionState;
import dev.kantele.runtime.session.SessionState.Closing;
import dev.kantele.runtime.session.SessionState.Identity;
import dev.kantele.runtime.session.ToolOffer;
import dev.kantele.runtime.session.Transcript;
import dev.kantele.runtime.session.TurnRequest;
import dev.kantele.runtime.session.actor.SessionMessage.Submit;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Tells Jackson how a session's snapshot, log entries and messages are stored: each as a record of
 * plain values.
 */
final class SessionModule extends SimpleModule {
  private static final long serialVersionUID = 1;

  /* The most that a codec can be told to take; other nodes are trusted. */
  private static final int MAX_COMMAND_BYTES = 1 << 28;
  private static final int MAX_LEVELS = 500;
  private static final int MAX_NUMBER_CHARACTERS = 1_000;

  SessionModule() {
    super("kantele-session");
    stored(SessionState.class, StoredState.class, StoredState::of, StoredState::restore);
    stored(LogEntry.class, StoredEntry.class, StoredEntry::of, StoredEntry::restore);
    stored(Submit.class, StoredSubmit.class, StoredSubmit::of, StoredSubmit::restore);
  }

  private <T, S> void stored(
      Class<T> type, Class<S> stored, Function<T, S> store, Function<S, T> restore) {
    addSerializer(type, new StdDelegatingSerializer(type, new Converter<>(type, stored, store)));
    addDeserializer(type, new StdDelegatingDeserializer<>(new Converter<>(stored, type, restore)));
  }

  /** A converter that knows its types, which Jackson can't read off a lambda. */
  private static final class Converter<A, B> extends StdConverter<A, B> {
    private final Class<A> from;
    private final Class<B> to;
    private final Function<A, B> function;

    Converter(Class<A> from, Class<B> to, Function<A, B> function) {
      this.from = from;
      this.to = to;
      this.function = function;
    }

    @Override
    public B convert(A value) {
      return function.apply(value);
    }

    @Override
    public JavaType getInputType(TypeFactory types) {
      return types.constructType(from);
    }

    @Override
    public JavaType getOutputType(TypeFactory types) {
      return types.constructType(to);
    }
  }

  private record StoredState(
      Optional<Identity> identity,
      long lastSeq,
      long reserved,
      StoredIndex index,
      long horizon,
      List<Clients.Entry> clients,
      List<Message> transcript,
      List<TurnRequest> queue,
      Optional<OpenTurn> turn,
      List<TurnId> ended,
      List<TurnId> cancelledAhead,
      List<ToolOffer> offers,
      long streams,
      Optional<Closing> closing,
      boolean closed) {
    static StoredState of(SessionState state) {
      return new StoredState(
          state.identity(),
          state.lastSeq(),
          state.reserved(),
          StoredIndex.of(state.index()),
          state.horizon(),
          state.clients().entries(),
          state.transcript().messages(),
          state.queue(),
          state.turn(),
          state.ended().values(),
          state.cancelledAhead().values(),
          state.offers(),
          state.streams(),
          state.closing(),
          state.closed());
    }

    SessionState restore() {
      return new SessionState(
          identity,
          lastSeq,
          reserved,
          index.restore(),
          horizon,
          Clients.of(clients),
          Transcript.of(transcript),
          queue,
          turn,
          SessionState.endedTurns(ended),
          SessionState.cancelledAhead(cancelledAhead),
          offers,
          streams,
          closing,
          closed);
    }
  }

  private record StoredIndex(List<Long> marks, long rows, long firstRow) {
    static StoredIndex of(RowIndex index) {
      return new StoredIndex(
          Arrays.stream(index.marks()).boxed().toList(), index.rows(), index.firstRow());
    }

    RowIndex restore() {
      return RowIndex.of(marks.stream().mapToLong(Long::longValue).toArray(), rows, firstRow);
    }
  }

  private record StoredEntry(SessionId session, Covers covers, Instant at, EventBody body) {
    static StoredEntry of(LogEntry entry) {
      return new StoredEntry(entry.session(), entry.covers(), entry.at(), entry.body());
    }

    LogEntry restore() {
      return new LogEntry(session, covers, at, body);
    }
  }

  /** A command crosses nodes as the wire's JSON, which is checked when it is read. */
  private record StoredSubmit(ClientKey client, String command, ActorRef<Reply> replyTo) {
    /**
     * What was taken from a client is taken here, though it may have grown: a number is written
     * longer than it came, and what the host makes itself never was a frame.
     */
    private static final CodecLimits LIMITS =
        new CodecLimits(
            MAX_COMMAND_BYTES,
            MAX_LEVELS,
            MAX_COMMAND_BYTES,
            MAX_NUMBER_CHARACTERS,
            MAX_COMMAND_BYTES,
            MAX_COMMAND_BYTES,
            MAX_COMMAND_BYTES,
            MAX_COMMAND_BYTES);

    private static final WireCodec CODEC = new WireCodec(LIMITS);

    static StoredSubmit of(Submit submit) {
      return new StoredSubmit(
          submit.client(),
          new String(CODEC.encode(submit.command()), StandardCharsets.UTF_8),
          submit.replyTo());
    }

    Submit restore() {
      return switch (CODEC.decodeCommand(command)) {
        case Decoded.Ok<Command>(Command.OfSession of) -> new Submit(client, of, replyTo);
        case Decoded.Ok<Command>(var other) ->
            throw new IllegalArgumentException(
                "command: " + other.getClass().getSimpleName() + " (expected: a session's)");
        case Decoded.Rejected<Command>(_, var error) ->
            throw new IllegalArgumentException("command: " + error.code() + ": " + error.message());
      };
    }
  }
}
