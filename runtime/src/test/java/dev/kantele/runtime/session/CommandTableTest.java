package dev.kantele.runtime.session;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestFactory;

/** What comes of each command in each state. */
class CommandTableTest {
  @Nested
  class NoSession {
    @TestFactory
    Stream<DynamicTest> each_command() {
      return Table.ofCommands(
          Scenes::absent,
          """
          OPEN: session.opened
            answer created
          ATTACH, ATTACH_AHEAD, CREDIT, DETACH, ENQUEUE, REJECT, INTERRUPT, STEER,
          ROLLBACK, CANCEL, CANCEL_A, CANCEL_B, CANCEL_Z, DECIDE, PROGRESS, RESULT,
          ANSWER, CLOSE, DELETE, STATUS: answer session_not_found
          """);
    }
  }

  @Nested
  class Idle {
    @TestFactory
    Stream<DynamicTest> each_command() {
      return Table.ofCommands(
          Scenes::idle,
          """
          OPEN: answer found
          ATTACH: answer attached
          ATTACH_AHEAD: answer cursor_unknown
          CREDIT, DETACH: answer done
          ENQUEUE, REJECT, INTERRUPT, STEER, ROLLBACK: turn.queued n
            turn.started n
            stream.started s1-1 #1
            answer n at 0
            wall time n in 15m
            call s1-1
          CANCEL: answer turn_not_found
          CANCEL_A: note.cancel_remembered a
            answer done
          CANCEL_B: note.cancel_remembered b
            answer done
          CANCEL_Z: note.cancel_remembered z
            answer done
          DECIDE, PROGRESS, RESULT: answer invocation_not_found
          ANSWER: answer invalid_argument
          CLOSE: note.close_requested
            session.closed
            answer done
          DELETE: note.close_requested to erase
            session.closed
            note.erased
            erase
            answer done
          STATUS: answer status
          """);
    }
  }

  @Nested
  class Streaming {
    @TestFactory
    Stream<DynamicTest> each_command() {
      return Table.ofCommands(
          Scenes::streaming,
          """
          OPEN: answer found
          ATTACH: answer attached
          ATTACH_AHEAD: answer cursor_unknown
          CREDIT, DETACH: answer done
          ENQUEUE: turn.queued n
            answer n at 2
          REJECT: answer turn_running
          INTERRUPT: turn.queued n
            note.end_requested a cancelled within 2s
            stop s1-1
            deadline a in 2s
            answer n at 1
          STEER: turn.steered a
            note.turn_options n
            answer a at 0
          ROLLBACK: turn.queued n
            note.end_requested a rolled_back within 2s
            stop s1-1
            deadline a in 2s
            answer n at 1
          CANCEL, CANCEL_A: note.end_requested a cancelled within 2s
            stop s1-1
            deadline a in 2s
            answer done
          CANCEL_B: turn.cancelled b
            answer done
          CANCEL_Z: note.cancel_remembered z
            answer done
          DECIDE, PROGRESS, RESULT: answer invocation_not_found
          ANSWER: answer invalid_argument
          CLOSE: note.close_requested
            note.end_requested a cancelled within 2s
            stop s1-1
            deadline a in 2s
            answer done
          DELETE: note.close_requested to erase
            note.end_requested a cancelled within 2s
            stop s1-1
            deadline a in 2s
            answer done
          STATUS: answer status a running, b queued
          """);
    }
  }

  @Nested
  class RunningTools {
    @TestFactory
    Stream<DynamicTest> each_command() {
      return Table.ofCommands(
          Scenes::inTools,
          """
          OPEN: answer found
          ATTACH: answer attached
          ATTACH_AHEAD: answer cursor_unknown
          CREDIT, DETACH: answer done
          ENQUEUE: turn.queued n
            answer n at 1
          REJECT: answer turn_running
          INTERRUPT: turn.queued n
            note.end_requested a cancelled within 2s
            stop s1-1.0
            stop s1-1.1
            deadline a in 2s
            answer n at 1
          STEER: turn.steered a
            note.turn_options n
            answer a at 0
          ROLLBACK: turn.queued n
            note.end_requested a rolled_back within 2s
            stop s1-1.0
            stop s1-1.1
            deadline a in 2s
            answer n at 1
          CANCEL, CANCEL_A: note.end_requested a cancelled within 2s
            stop s1-1.0
            stop s1-1.1
            deadline a in 2s
            answer done
          CANCEL_B: note.cancel_remembered b
            answer done
          CANCEL_Z: note.cancel_remembered z
            answer done
          DECIDE, PROGRESS, RESULT: answer invocation_not_found
          ANSWER: answer invalid_argument
          CLOSE: note.close_requested
            note.end_requested a cancelled within 2s
            stop s1-1.0
            stop s1-1.1
            deadline a in 2s
            answer done
          DELETE: note.close_requested to erase
            note.end_requested a cancelled within 2s
            stop s1-1.0
            stop s1-1.1
            deadline a in 2s
            answer done
          STATUS: answer status a running
          """);
    }
  }

  @Nested
  class EndingAStream {
    @TestFactory
    Stream<DynamicTest> each_command() {
      return Table.ofCommands(
          Scenes::endingStream,
          """
          OPEN: answer found
          ATTACH: answer attached
          ATTACH_AHEAD: answer cursor_unknown
          CREDIT, DETACH, CANCEL, CANCEL_A: answer done
          ENQUEUE: turn.queued n
            answer n at 2
          REJECT: answer turn_running
          INTERRUPT, STEER: turn.queued n
            answer n at 1
          ROLLBACK: turn.queued n
            note.end_requested a rolled_back within 2s
            stop s1-1
            deadline a in 2s
            answer n at 1
          CANCEL_B: turn.cancelled b
            answer done
          CANCEL_Z: note.cancel_remembered z
            answer done
          DECIDE, PROGRESS, RESULT: answer invocation_not_found
          ANSWER: answer invalid_argument
          CLOSE: note.close_requested
            answer done
          DELETE: note.close_requested to erase
            answer done
          STATUS: answer status a cancelling, b queued
          """);
    }
  }

  @Nested
  class EndingTools {
    @TestFactory
    Stream<DynamicTest> each_command() {
      return Table.ofCommands(
          Scenes::endingTools,
          """
          OPEN: answer found
          ATTACH: answer attached
          ATTACH_AHEAD: answer cursor_unknown
          CREDIT, DETACH, CANCEL, CANCEL_A: answer done
          ENQUEUE, INTERRUPT, STEER: turn.queued n
            answer n at 1
          REJECT: answer turn_running
          ROLLBACK: turn.queued n
            note.end_requested a rolled_back within 2s
            stop s1-1.0
            stop s1-1.1
            deadline a in 2s
            answer n at 1
          CANCEL_B: note.cancel_remembered b
            answer done
          CANCEL_Z: note.cancel_remembered z
            answer done
          DECIDE, PROGRESS, RESULT: answer invocation_not_found
          ANSWER: answer invalid_argument
          CLOSE: note.close_requested
            answer done
          DELETE: note.close_requested to erase
            answer done
          STATUS: answer status a cancelling
          """);
    }
  }

  @Nested
  class WaitingForARetry {
    @TestFactory
    Stream<DynamicTest> each_command() {
      return Table.ofCommands(
          Scenes::retrying,
          """
          OPEN: answer found
          ATTACH: answer attached
          ATTACH_AHEAD: answer cursor_unknown
          CREDIT, DETACH: answer done
          ENQUEUE: turn.queued n
            answer n at 1
          REJECT: answer turn_running
          INTERRUPT: turn.queued n
            note.end_requested a cancelled within 2s
            turn.cancelled a
            turn.started n
            stream.started s1-2 #1
            no retry s1-1
            deadline a in 2s
            no wall time a
            no deadline a
            wall time n in 15m
            call s1-2
            answer n at 1
          STEER: turn.steered a
            note.turn_options n
            answer a at 0
          ROLLBACK: turn.queued n
            note.end_requested a rolled_back within 2s
            turn.cancelled a rolled back
            turn.started n
            stream.started s1-2 #1
            no retry s1-1
            deadline a in 2s
            no wall time a
            no deadline a
            wall time n in 15m
            call s1-2
            answer n at 1
          CANCEL, CANCEL_A: note.end_requested a cancelled within 2s
            turn.cancelled a
            no retry s1-1
            deadline a in 2s
            no wall time a
            no deadline a
            answer done
          CANCEL_B: note.cancel_remembered b
            answer done
          CANCEL_Z: note.cancel_remembered z
            answer done
          DECIDE, PROGRESS, RESULT: answer invocation_not_found
          ANSWER: answer invalid_argument
          CLOSE: note.close_requested
            note.end_requested a cancelled within 2s
            turn.cancelled a
            session.closed
            no retry s1-1
            deadline a in 2s
            no wall time a
            no deadline a
            answer done
          DELETE: note.close_requested to erase
            note.end_requested a cancelled within 2s
            turn.cancelled a
            session.closed
            note.erased
            no retry s1-1
            deadline a in 2s
            no wall time a
            no deadline a
            erase
            answer done
          STATUS: answer status a running
          """);
    }
  }

  @Nested
  class Closing {
    @TestFactory
    Stream<DynamicTest> each_command() {
      return Table.ofCommands(
          Scenes::closing,
          """
          OPEN, ENQUEUE, REJECT, INTERRUPT, STEER, ROLLBACK: answer session_closed
          ATTACH: answer attached
          ATTACH_AHEAD: answer cursor_unknown
          CREDIT, DETACH, CANCEL, CANCEL_A, CLOSE: answer done
          CANCEL_B: turn.cancelled b
            answer done
          CANCEL_Z: note.cancel_remembered z
            answer done
          DECIDE, PROGRESS, RESULT: answer invocation_not_found
          ANSWER: answer invalid_argument
          DELETE: note.close_requested to erase
            answer done
          STATUS: answer status a cancelling, b queued
          """);
    }
  }

  @Nested
  class Closed {
    @TestFactory
    Stream<DynamicTest> each_command() {
      return Table.ofCommands(
          Scenes::closed,
          """
          OPEN, ENQUEUE, REJECT, INTERRUPT, STEER, ROLLBACK: answer session_closed
          ATTACH: answer attached
          ATTACH_AHEAD: answer cursor_unknown
          CREDIT, DETACH, CANCEL_A, CANCEL_B, CANCEL_Z, CLOSE: answer done
          CANCEL: answer turn_not_found
          DECIDE, PROGRESS, RESULT: answer invocation_not_found
          ANSWER: answer invalid_argument
          DELETE: note.close_requested to erase
            note.erased
            erase
            answer done
          STATUS: answer status closed
          """);
    }
  }
}
