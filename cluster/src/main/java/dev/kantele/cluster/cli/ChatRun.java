package dev.kantele.cluster.cli;

import dev.kantele.cluster.access.AccessException;
import dev.kantele.cluster.access.Received;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.cluster.access.Subscription;
import dev.kantele.cluster.render.TurnRenderer;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.SnapshotState;
import dev.kantele.protocol.TurnId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One prompt from its opening to its turn's terminal event. */
final class ChatRun {
  private static final Logger log = LoggerFactory.getLogger(ChatRun.class);

  /**
   * What is asked, and of whom.
   *
   * @param elsewhere the options with which another command reaches the same node; absent if none
   *     can while this one runs
   */
  record Request(
      SessionId session,
      Optional<String> agent,
      Optional<String> model,
      String prompt,
      boolean json,
      Optional<String> elsewhere) {}

  private final SessionAccess access;
  private final Request request;
  private final Screen screen;

  /** Named here, so that it can be cancelled before the node has heard of it. */
  private final TurnId turn = new TurnId("t-" + UUID.randomUUID());

  private boolean openInSnapshot;

  ChatRun(SessionAccess access, Request request, Screen screen) {
    this.access = access;
    this.request = request;
    this.screen = screen;
  }

  /** Shows everything up to the turn's end, and says whether it completed. */
  boolean run() {
    AckBody.Opened opened =
        AccessException.requireAck(
            access.submit(
                new Command.SessionOpen(
                    newId(), request.session(), request.agent(), Optional.empty())),
            AckBody.Opened.class);
    Subscription events =
        access.attach(request.session(), opened.lastSeq(), Optional.of(opened.log()));
    AckBody.PromptAccepted accepted =
        AccessException.requireAck(
            access.submit(prompt(opened.nextSeq())), AckBody.PromptAccepted.class);
    if (accepted.position() > 0 && !request.json()) {
      screen.note("(waiting for %d other turns)".formatted(accepted.position()));
    }
    return follow(events);
  }

  private Command.Prompt prompt(long seq) {
    return new Command.Prompt(
        newId(),
        request.session(),
        OptionalLong.of(seq),
        List.of(new Part.Text(request.prompt())),
        Optional.of(turn),
        Optional.empty(),
        OptionalLong.empty(),
        request.model(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private boolean follow(Subscription events) {
    var renderer = new TurnRenderer(turn, screen.style());
    while (!screen.isGone()) {
      Received received = events.next();
      if (request.json()) {
        screen.json(received.json());
      } else {
        screen.print(renderer.render(received.event()));
        how(received.event().body()).ifPresent(screen::note);
      }
      Optional<Boolean> end = end(received.event().body());
      if (end.isPresent()) {
        return end.get();
      }
    }
    return false;
  }

  /** How somebody decides or answers, where the turn waits for that. */
  private Optional<String> how(EventBody body) {
    Optional<String> command =
        switch (body) {
          case EventBody.ToolApprovalRequired required when required.turn().equals(turn) ->
              Optional.of(
                  "approve %s" + request.session() + " " + required.invocation() + " [--deny]");
          case EventBody.InputRequested asked when asked.turn().equals(turn) ->
              Optional.of(
                  "answer %s"
                      + request.session()
                      + " "
                      + asked.request()
                      + " ANSWER, or --decline");
          case EventBody.Durable _, EventBody.Live _, EventBody.Synthetic _, EventBody.Unknown _ ->
              Optional.empty();
        };
    return command.map(
        text ->
            request
                .elsewhere()
                .map(
                    options ->
                        "(it goes on with: %s %s)"
                            .formatted(CommandLineInterface.PROGRAM, text.formatted(options)))
                .orElse(
                    "(nobody can decide while the node runs in this process; use %s serve)"
                        .formatted(CommandLineInterface.PROGRAM)));
  }

  /** Whether the turn completed; empty while it has not ended. */
  private Optional<Boolean> end(EventBody body) {
    return switch (body) {
      case EventBody.TurnCompleted end when end.turn().equals(turn) -> Optional.of(true);
      case EventBody.TurnFailed end when end.turn().equals(turn) -> Optional.of(false);
      case EventBody.TurnCancelled end when end.turn().equals(turn) -> Optional.of(false);
      case EventBody.SessionClosed _ -> Optional.of(false);
      case EventBody.SessionSnapshot snapshot when endedUnseen(snapshot) ->
          throw new CliException(
              "the turn ended while this client was away, and its events are kept no longer;"
                  + " see ./kantele tail "
                  + request.session());
      case EventBody.Durable _, EventBody.Live _, EventBody.Synthetic _, EventBody.Unknown _ ->
          Optional.empty();
    };
  }

  /** Whether a snapshot is whole and none of its pages has the turn. */
  private boolean endedUnseen(EventBody.SessionSnapshot page) {
    openInSnapshot = (page.page() > 1 && openInSnapshot) || isOpen(page.state());
    return page.page() == page.pages() && !openInSnapshot;
  }

  private boolean isOpen(SnapshotState state) {
    return state.turn().filter(open -> open.turn().equals(turn)).isPresent()
        || state.queue().stream().anyMatch(queued -> queued.turn().equals(turn));
  }

  /** Cancels the turn, whether it runs, waits or is still on its way. Safe from any thread. */
  void cancel() {
    try {
      access.submit(
          new Command.Cancel(
              newId(),
              request.session(),
              Optional.of(turn),
              Optional.of("the user interrupted it"),
              OptionalLong.empty()));
    } catch (RuntimeException e) {
      log.debug("cancel", e);
    }
  }

  private static CommandId newId() {
    return new CommandId(UUID.randomUUID().toString());
  }
}
