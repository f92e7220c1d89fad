package dev.kantele.runtime.session.simulation;

import java.util.List;

/**
 * How a schedule is set up.
 *
 * @param chaosMillis for how long things go wrong
 * @param writeFaults of 1,000 writes, how many go wrong in each of the ways in which they can
 * @param crashEveryMillis how far apart the crashes of the node are, on average; 0 for never
 * @param losses of 1,000 messages over the network, how many are lost
 * @param oddities of 1,000 answers of models, tools and timers, how many are odd in one way
 * @param pieces how many characters a piece of a stream has at the most
 * @param hooks whether hooks are asked about tool calls, until the configuration changes
 */
record Circumstances(
    Theme theme,
    int chaosMillis,
    int clients,
    int subscribers,
    long windowBytes,
    int writeFaults,
    int crashEveryMillis,
    int losses,
    int oddities,
    int retention,
    int thinkMillis,
    int pieces,
    boolean longStreams,
    boolean hooks) {
  static Circumstances of(Dice dice) {
    boolean longStreams = dice.perMille(12);
    Theme theme =
        dice.oneOf(
            Theme.PLAIN,
            Theme.MANY_TOOLS,
            Theme.FLAKY_MODEL,
            Theme.MANY_ENDINGS,
            Theme.MANY_ENDINGS,
            Theme.MANY_PEOPLE,
            Theme.MANY_PEOPLE,
            Theme.DEAD_MODEL);
    /* Taken from what is there, so that schedules without hooks are those that they would be anyway. */
    int chaosMillis = dice.between(2_000, 6_000);
    return new Circumstances(
        theme,
        chaosMillis,
        dice.between(1, 3),
        dice.pick(List.of(0, 1, 2, 2, 3)),
        dice.pick(List.of(700L, 2_000L, 8_000L, 256L * 1_024)),
        dice.pick(List.of(0, 5, 20)),
        dice.pick(List.of(0, 800, 2_500, 6_000)),
        dice.pick(List.of(0, 40, 150)),
        dice.pick(List.of(0, 60, 250)),
        dice.pick(List.of(0, 500, 900)),
        dice.pick(List.of(120, 400, 900)),
        dice.pick(List.of(4, 40, 300)),
        longStreams,
        chaosMillis % 10 < 3 || theme == Theme.MANY_PEOPLE);
  }
}
