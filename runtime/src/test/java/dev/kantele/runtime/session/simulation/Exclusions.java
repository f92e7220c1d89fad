package dev.kantele.runtime.session.simulation;

import static dev.kantele.runtime.session.simulation.Condition.AWAITING_PEOPLE;
import static dev.kantele.runtime.session.simulation.Condition.CLOSED;
import static dev.kantele.runtime.session.simulation.Condition.CLOSING;
import static dev.kantele.runtime.session.simulation.Condition.DOWN;
import static dev.kantele.runtime.session.simulation.Condition.ENDING_A_STREAM;
import static dev.kantele.runtime.session.simulation.Condition.ENDING_TOOLS;
import static dev.kantele.runtime.session.simulation.Condition.IDLE;
import static dev.kantele.runtime.session.simulation.Condition.NO_SESSION;
import static dev.kantele.runtime.session.simulation.Condition.RECOVERING;
import static dev.kantele.runtime.session.simulation.Condition.STREAMING;
import static dev.kantele.runtime.session.simulation.Condition.TOOLS_RUNNING;
import static dev.kantele.runtime.session.simulation.Condition.WITH_A_QUEUE;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The pairs of a mishap and a condition that need not be seen, each with its reason. */
final class Exclusions {
  private static final Set<Condition> AWAY = EnumSet.of(RECOVERING, DOWN);

  private static final Set<Mishap> WAITS_END =
      EnumSet.of(
          Mishap.APPROVAL_GIVEN,
          Mishap.APPROVAL_GIVEN_FOR_OTHER_ARGUMENTS,
          Mishap.APPROVAL_DENIED,
          Mishap.APPROVAL_EXPIRES,
          Mishap.QUESTION_ANSWERED,
          Mishap.QUESTION_DECLINED,
          Mishap.QUESTION_EXPIRES);

  private static final List<Exclusion> ALL =
      List.of(
          new Exclusion(
              EnumSet.range(Mishap.WRITE_TAKES_LONG, Mishap.CRASH_WHILE_WRITING),
              EnumSet.of(DOWN),
              "nothing is written, and nothing can crash, while the session is down"),
          new Exclusion(
              EnumSet.of(Mishap.CRASH),
              EnumSet.of(RECOVERING),
              "a recovery that does not write is over at once"),
          new Exclusion(
              EnumSet.of(Mishap.WRITE_LANDS_AFTER_THE_CRASH),
              EnumSet.complementOf(
                  EnumSet.of(
                      NO_SESSION,
                      IDLE,
                      TOOLS_RUNNING,
                      AWAITING_PEOPLE,
                      WITH_A_QUEUE,
                      CLOSED,
                      RECOVERING,
                      DOWN)),
              "who recovers with what ran writes at once, and the journal takes one of the two"),
          new Exclusion(
              EnumSet.of(Mishap.CONFIGURATION_CHANGES),
              EnumSet.of(DOWN),
              "it changes with a crash, and counts where that came"),
          new Exclusion(
              EnumSet.of(Mishap.PASSIVATION, Mishap.WINDOW_RELEASED),
              EnumSet.complementOf(EnumSet.of(NO_SESSION, IDLE, CLOSED)),
              "only who is idle is sent to rest"),
          new Exclusion(
              EnumSet.of(Mishap.STREAM_FAILS, Mishap.STREAM_DIES, Mishap.STREAM_FALLS_SILENT),
              EnumSet.complementOf(EnumSet.of(STREAMING, WITH_A_QUEUE, ENDING_A_STREAM, CLOSING)),
              "no stream is open"),
          new Exclusion(
              EnumSet.of(
                  Mishap.TOOL_FAILS,
                  Mishap.TOOL_DIES,
                  Mishap.TOOL_TIMES_OUT,
                  Mishap.RESULT_HOOK_BREAKS),
              EnumSet.complementOf(
                  EnumSet.of(TOOLS_RUNNING, AWAITING_PEOPLE, WITH_A_QUEUE, ENDING_TOOLS, CLOSING)),
              "no tool runs"),
          new Exclusion(
              EnumSet.of(
                  Mishap.HOOK_CHANGES_ARGUMENTS,
                  Mishap.HOOK_OBJECTS,
                  Mishap.HOOK_BREAKS,
                  Mishap.HOOK_CHANGES_ANSWER,
                  Mishap.ANSWER_HOOK_BREAKS),
              EnumSet.complementOf(EnumSet.of(TOOLS_RUNNING, AWAITING_PEOPLE, WITH_A_QUEUE)),
              "no hook is asked"),
          new Exclusion(
              EnumSet.of(Mishap.STOP_IGNORED),
              EnumSet.complementOf(EnumSet.of(ENDING_A_STREAM, ENDING_TOOLS, CLOSING)),
              "nothing is asked to stop"),
          new Exclusion(
              EnumSet.range(Mishap.OUTCOME_COMES_LATE, Mishap.OUTCOME_OF_AN_EARLIER_LIFE),
              AWAY,
              "outcomes are taken in when the session is ready"),
          new Exclusion(
              EnumSet.of(Mishap.OUTCOME_COMES_LATE, Mishap.OUTCOME_COMES_TWICE),
              EnumSet.of(NO_SESSION),
              "a life ends with its log"),
          new Exclusion(
              EnumSet.of(Mishap.TIMER_FIRES_LATE),
              EnumSet.of(NO_SESSION, IDLE, CLOSED, RECOVERING, DOWN),
              "a turn's timers are stopped with it, and all of them with a life"),
          new Exclusion(
              EnumSet.of(Mishap.STALE_TIMER_FIRES),
              EnumSet.of(RECOVERING),
              "a timer waits until the session is ready"),
          new Exclusion(
              EnumSet.of(Mishap.DEADLINE_PASSES),
              EnumSet.complementOf(EnumSet.of(ENDING_A_STREAM, ENDING_TOOLS, CLOSING)),
              "no turn is to end"),
          new Exclusion(
              EnumSet.of(Mishap.WALL_TIME_PASSES),
              EnumSet.of(NO_SESSION, IDLE, AWAITING_PEOPLE, CLOSED, RECOVERING, DOWN),
              "no turn runs, its clock stands, or its timer waits until the session is ready"),
          new Exclusion(
              WAITS_END,
              EnumSet.complementOf(EnumSet.of(AWAITING_PEOPLE, WITH_A_QUEUE)),
              "no call waits"),
          new Exclusion(
              EnumSet.of(Mishap.CLIENT_TOOL_ANSWERS, Mishap.CLIENT_GONE),
              EnumSet.complementOf(EnumSet.of(TOOLS_RUNNING, AWAITING_PEOPLE, WITH_A_QUEUE)),
              "no client runs a tool, since one that is to end has ended at once"),
          new Exclusion(
              EnumSet.of(Mishap.TOOLS_REGISTERED, Mishap.CLIENT_TOOL_TOO_LATE),
              AWAY,
              "commands are taken in when the session is ready"),
          new Exclusion(
              EnumSet.of(Mishap.DECISION_TOO_LATE, Mishap.ANSWER_TOO_LATE),
              AWAY,
              "commands are taken in when the session is ready"),
          new Exclusion(
              EnumSet.range(Mishap.COMMAND_REPEATED, Mishap.STRANGER),
              AWAY,
              "commands are taken in when the session is ready"),
          new Exclusion(
              EnumSet.of(Mishap.STRANGER), EnumSet.of(NO_SESSION), "it belongs to nobody yet"),
          new Exclusion(
              EnumSet.of(Mishap.ANSWER_LOST, Mishap.BATCH_LOST), AWAY, "nothing is answered"),
          new Exclusion(
              EnumSet.of(Mishap.SLOW_READER, Mishap.LATE_JOINER),
              EnumSet.of(RECOVERING),
              "nothing is read until the session is ready"),
          new Exclusion(
              EnumSet.of(Mishap.SLOW_READER),
              EnumSet.of(NO_SESSION),
              "nothing is read but what was on its way"),
          new Exclusion(
              EnumSet.of(Mishap.HORIZON_MOVES, Mishap.ROWS_GO_DURING_A_READ),
              EnumSet.of(NO_SESSION, RECOVERING, DOWN),
              "there are no rows, or they are not the session's to delete"));

  private record Exclusion(Set<Mishap> mishaps, Set<Condition> conditions, String reason) {}

  static Optional<String> reason(Mishap mishap, Condition condition) {
    return ALL.stream()
        .filter(
            exclusion ->
                exclusion.mishaps().contains(mishap) && exclusion.conditions().contains(condition))
        .map(Exclusion::reason)
        .findFirst();
  }

  /** The reasons, a sentence each. */
  static List<String> sentences() {
    return ALL.stream()
        .map(
            exclusion ->
                exclusion.mishaps() + " x " + exclusion.conditions() + ": " + exclusion.reason())
        .toList();
  }

  private Exclusions() {}
}
