package dev.kantele.runtime.session.simulation;

/** What there is more of in some schedules, so that each condition is reached often enough. */
enum Theme {
  PLAIN(65, 12, 4),
  MANY_TOOLS(95, 8, 4),
  FLAKY_MODEL(50, 50, 4),
  MANY_ENDINGS(85, 12, 110),
  /** Most calls are for people and clients, and hooks have a say in all of them. */
  MANY_PEOPLE(97, 8, 25),
  /** Hardly a call of a model works. */
  DEAD_MODEL(40, 80, 4);

  private final int toolsPercent;
  private final int failuresPercent;
  private final int endings;

  Theme(int toolsPercent, int failuresPercent, int endings) {
    this.toolsPercent = toolsPercent;
    this.failuresPercent = failuresPercent;
    this.endings = endings;
  }

  /** Of 100 streams, how many ask for tools. */
  int toolsPercent() {
    return toolsPercent;
  }

  /** Of 100 streams, how many break. */
  int failuresPercent() {
    return failuresPercent;
  }

  /** Of 1,000 commands, how many close or delete the session. */
  int endings() {
    return endings;
  }
}
