package dev.kantele.protocol.client;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.SnapshotState;
import dev.kantele.protocol.TurnId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads a log for the end of one turn. Confined to the client's mailbox. */
final class TurnWatch extends Reader {
  private final TurnId turn;
  private final int window;
  private final Consumer<TurnResult> onEnd;
  private final Consumer<RuntimeException> onFailure;

  private Message message = Message.of(Role.ASSISTANT, List.of());
  private boolean openInSnapshot;

  TurnWatch(
      TurnId turn,
      Optional<LogId> log,
      long after,
      int window,
      Consumer<TurnResult> onEnd,
      Consumer<RuntimeException> onFailure) {
    super(log, after);
    this.turn = turn;
    this.window = window;
    this.onEnd = onEnd;
    this.onFailure = onFailure;
  }

  /** It takes everything at once. */
  @Override
  int room() {
    return window;
  }

  @Override
  void happened(Event event) {
    switch (event.body()) {
      case EventBody.StreamCompleted stream when stream.turn().equals(turn) ->
          message = stream.message();
      case EventBody.TurnCompleted end when end.turn().equals(turn) -> end(Optional.of(end));
      case EventBody.TurnFailed end when end.turn().equals(turn) -> end(Optional.of(end));
      case EventBody.TurnCancelled end when end.turn().equals(turn) -> end(Optional.of(end));
      case EventBody.SessionSnapshot page -> snapshot(page);
      case EventBody.Durable _, EventBody.Live _, EventBody.Synthetic _, EventBody.Unknown _ -> {}
    }
  }

  /** If no page of a whole snapshot has the turn, its end is among what it replaces. */
  private void snapshot(EventBody.SessionSnapshot page) {
    openInSnapshot = (page.page() > 1 && openInSnapshot) || isOpen(page.state());
    if (page.page() == page.pages() && !openInSnapshot) {
      end(Optional.empty());
    }
  }

  private boolean isOpen(SnapshotState state) {
    return state.queue().stream().anyMatch(queued -> queued.turn().equals(turn))
        || state.turn().filter(open -> open.turn().equals(turn)).isPresent();
  }

  private void end(Optional<EventBody.Terminal> end) {
    onEnd.accept(new TurnResult(turn, end, message));
  }

  /** Turns end before their session, so this one's end was replaced by a snapshot. */
  @Override
  void completed() {
    end(Optional.empty());
  }

  @Override
  void failed(RuntimeException because) {
    onFailure.accept(because);
  }
}
