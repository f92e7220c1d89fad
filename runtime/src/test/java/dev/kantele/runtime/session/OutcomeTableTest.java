package dev.kantele.runtime.session;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestFactory;

/** What comes of each outcome of a child, of each timer, and of another life, in each state. */
class OutcomeTableTest {
  @Nested
  class NoSession {
    @TestFactory
    Stream<DynamicTest> each_outcome() {
      return Table.ofOutcomes(
          Scenes::absent,
          """
          MODEL_SAYS, STREAM_FINISHES, STREAM_BREAKS, STREAM_BREAKS_FOR_GOOD,
          STREAM_STOPS, TOOL_SAYS, TOOL_COMPLETES, TOOL_FAILS, TOOL_TIMES_OUT,
          TOOL_STOPS, TOOL_IS_LOST, TOOL_DID_NOTHING, TOOL_CANT_SAY, DEADLINE,
          WALL_TIME, RETRY, RECOVER: nothing
          """);
    }
  }

  @Nested
  class Idle {
    @TestFactory
    Stream<DynamicTest> each_outcome() {
      return Table.ofOutcomes(
          Scenes::idle,
          """
          MODEL_SAYS, STREAM_FINISHES, STREAM_BREAKS, STREAM_BREAKS_FOR_GOOD,
          STREAM_STOPS, TOOL_SAYS, TOOL_COMPLETES, TOOL_FAILS, TOOL_TIMES_OUT,
          TOOL_STOPS, TOOL_IS_LOST, TOOL_DID_NOTHING, TOOL_CANT_SAY, DEADLINE,
          WALL_TIME, RETRY, RECOVER: nothing
          """);
    }
  }

  @Nested
  class Streaming {
    @TestFactory
    Stream<DynamicTest> each_outcome() {
      return Table.ofOutcomes(
          Scenes::streaming,
          """
          MODEL_SAYS: text.delta s1-1 lo
          STREAM_FINISHES: stream.completed s1-1
            turn.completed a end
            turn.started b
            stream.started s1-2 #1
            no wall time a
            wall time b in 15m
            call s1-2
          STREAM_BREAKS: stream.failed s1-1 broken again
            retry s1-1 soon
          STREAM_BREAKS_FOR_GOOD: stream.failed s1-1 broken
            turn.failed a broken
            turn.started b
            stream.started s1-2 #1
            no wall time a
            wall time b in 15m
            call s1-2
          STREAM_STOPS: stream.failed s1-1 stopped again
            retry s1-1 soon
          TOOL_SAYS, TOOL_COMPLETES, TOOL_FAILS, TOOL_TIMES_OUT, TOOL_STOPS,
          TOOL_IS_LOST, TOOL_DID_NOTHING, TOOL_CANT_SAY, DEADLINE, RETRY: nothing
          WALL_TIME: note.end_requested a limit within 2s
            stop s1-1
            deadline a in 2s
          RECOVER: session.recovered
            stream.failed s1-1 lost again
            stream.started s2-2 #2 for s1-1
            wall time a in 15m
            call s2-2
          """);
    }
  }

  @Nested
  class RunningTools {
    @TestFactory
    Stream<DynamicTest> each_outcome() {
      return Table.ofOutcomes(
          Scenes::inTools,
          """
          MODEL_SAYS, STREAM_FINISHES, STREAM_BREAKS, STREAM_BREAKS_FOR_GOOD,
          STREAM_STOPS, DEADLINE, RETRY: nothing
          TOOL_SAYS: tool.output s1-1.0
          TOOL_COMPLETES: tool.completed s1-1.0
          TOOL_FAILS: tool.failed s1-1.0 no
          TOOL_TIMES_OUT: tool.timed_out s1-1.0
          TOOL_STOPS: tool.cancelled s1-1.0
          TOOL_IS_LOST, TOOL_DID_NOTHING: tool.started s1-1.0 #2
            run s1-1.0 #2
          TOOL_CANT_SAY: tool.unknown s1-1.0
          WALL_TIME: note.end_requested a limit within 2s
            stop s1-1.0
            stop s1-1.1
            deadline a in 2s
          RECOVER: session.recovered
            tool.started s1-1.0 #2
            tool.unknown s1-1.1
            wall time a in 15m
            run s1-1.0 #2
          """);
    }
  }

  @Nested
  class EndingAStream {
    @TestFactory
    Stream<DynamicTest> each_outcome() {
      return Table.ofOutcomes(
          Scenes::endingStream,
          """
          MODEL_SAYS, TOOL_SAYS, TOOL_COMPLETES, TOOL_FAILS, TOOL_TIMES_OUT, TOOL_STOPS,
          TOOL_IS_LOST, TOOL_DID_NOTHING, TOOL_CANT_SAY, WALL_TIME, RETRY: nothing
          STREAM_FINISHES, STREAM_BREAKS, STREAM_BREAKS_FOR_GOOD, STREAM_STOPS:
            stream.cancelled s1-1
            turn.cancelled a
            turn.started b
            stream.started s1-2 #1
            no wall time a
            no deadline a
            wall time b in 15m
            call s1-2
          DEADLINE: stream.cancelled s1-1
            turn.cancelled a
            turn.started b
            stream.started s1-2 #1
            abandon s1-1
            no wall time a
            no deadline a
            wall time b in 15m
            call s1-2
          RECOVER: session.recovered
            stream.cancelled s1-1
            turn.cancelled a
            turn.started b
            stream.started s2-2 #1
            wall time a in 15m
            no wall time a
            no deadline a
            wall time b in 15m
            call s2-2
          """);
    }
  }

  @Nested
  class EndingTools {
    @TestFactory
    Stream<DynamicTest> each_outcome() {
      return Table.ofOutcomes(
          Scenes::endingTools,
          """
          MODEL_SAYS, STREAM_FINISHES, STREAM_BREAKS, STREAM_BREAKS_FOR_GOOD,
          STREAM_STOPS, TOOL_SAYS, WALL_TIME, RETRY: nothing
          TOOL_COMPLETES: tool.completed s1-1.0
          TOOL_FAILS: tool.failed s1-1.0 no
          TOOL_TIMES_OUT: tool.timed_out s1-1.0
          TOOL_STOPS, TOOL_IS_LOST, TOOL_DID_NOTHING: tool.cancelled s1-1.0
          TOOL_CANT_SAY: tool.unknown s1-1.0
          DEADLINE: tool.cancelled s1-1.0
            tool.unknown s1-1.1
            turn.cancelled a abandoned [s1-1.0, s1-1.1]
            abandon s1-1.0
            abandon s1-1.1
            no wall time a
            no deadline a
          RECOVER: session.recovered
            tool.cancelled s1-1.0
            tool.unknown s1-1.1
            turn.cancelled a
            wall time a in 15m
            no wall time a
            no deadline a
          """);
    }
  }

  @Nested
  class WaitingForARetry {
    @TestFactory
    Stream<DynamicTest> each_outcome() {
      return Table.ofOutcomes(
          Scenes::retrying,
          """
          MODEL_SAYS, STREAM_FINISHES, STREAM_BREAKS, STREAM_BREAKS_FOR_GOOD,
          STREAM_STOPS, TOOL_SAYS, TOOL_COMPLETES, TOOL_FAILS, TOOL_TIMES_OUT,
          TOOL_STOPS, TOOL_IS_LOST, TOOL_DID_NOTHING, TOOL_CANT_SAY, DEADLINE: nothing
          WALL_TIME: note.end_requested a limit within 2s
            turn.completed a limit wall_time
            no retry s1-1
            deadline a in 2s
            no wall time a
            no deadline a
          RETRY: stream.started s1-2 #2 for s1-1
            call s1-2
          RECOVER: stream.started s2-2 #2 for s1-1
            wall time a in 15m
            call s2-2
          """);
    }
  }

  @Nested
  class Closing {
    @TestFactory
    Stream<DynamicTest> each_outcome() {
      return Table.ofOutcomes(
          Scenes::closing,
          """
          MODEL_SAYS, TOOL_SAYS, TOOL_COMPLETES, TOOL_FAILS, TOOL_TIMES_OUT, TOOL_STOPS,
          TOOL_IS_LOST, TOOL_DID_NOTHING, TOOL_CANT_SAY, WALL_TIME, RETRY: nothing
          STREAM_FINISHES, STREAM_BREAKS, STREAM_BREAKS_FOR_GOOD, STREAM_STOPS:
            stream.cancelled s1-1
            turn.cancelled a
            turn.cancelled b
            session.closed
            no wall time a
            no deadline a
          DEADLINE: stream.cancelled s1-1
            turn.cancelled a
            turn.cancelled b
            session.closed
            abandon s1-1
            no wall time a
            no deadline a
          RECOVER: session.recovered
            stream.cancelled s1-1
            turn.cancelled a
            turn.cancelled b
            session.closed
            wall time a in 15m
            no wall time a
            no deadline a
          """);
    }
  }

  @Nested
  class Closed {
    @TestFactory
    Stream<DynamicTest> each_outcome() {
      return Table.ofOutcomes(
          Scenes::closed,
          """
          MODEL_SAYS, STREAM_FINISHES, STREAM_BREAKS, STREAM_BREAKS_FOR_GOOD,
          STREAM_STOPS, TOOL_SAYS, TOOL_COMPLETES, TOOL_FAILS, TOOL_TIMES_OUT,
          TOOL_STOPS, TOOL_IS_LOST, TOOL_DID_NOTHING, TOOL_CANT_SAY, DEADLINE,
          WALL_TIME, RETRY, RECOVER: nothing
          """);
    }
  }
}
