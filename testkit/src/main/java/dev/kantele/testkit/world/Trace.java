package dev.kantele.testkit.world;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.pekko.actor.typed.internal.AdaptMessage;

/**
 * What actors received, in the order in which they did. Off until it is switched on. Confined to
 * the world's thread.
 */
public final class Trace {
  /** Marks of an object, and numbers of an actor, that are others each time in a JVM. */
  private static final Pattern IDENTITY =
      Pattern.compile(
          "#-?\\d+|@[0-9a-f]{4,}|\\$\\$Lambda\\S*"
              + "|(?<=StreamSupervisor-|Unsubscriber-|kantele-prune-)\\d+");

  private final List<String> lines = new ArrayList<>();
  private boolean on;

  Trace() {}

  /** Records from now on. */
  public void record() {
    on = true;
  }

  /**
   * A line for each message: the time in nanoseconds, who received it, and what. Of messages that
   * are Pekko's own only the kind.
   */
  public List<String> lines() {
    return Collections.unmodifiableList(lines);
  }

  void received(long nanos, String path, Object message) {
    if (on) {
      String line = nanos + " " + path + " " + shown(message);
      lines.add(IDENTITY.matcher(line).replaceAll("~"));
    }
  }

  private static String shown(Object message) {
    String kind = message.getClass().getName();
    if (message instanceof AdaptMessage<?, ?> adapted) {
      return kind + " " + adapted.message();
    }
    return kind.startsWith("org.apache.pekko.") ? kind : kind + " " + message;
  }
}
