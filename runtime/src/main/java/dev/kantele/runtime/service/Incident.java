package dev.kantele.runtime.service;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A failure of the node itself: it is logged whole under an id, which is all that a client hears of
 * it.
 */
public final class Incident {
  private static final Logger LOG = LoggerFactory.getLogger(Incident.class);

  /**
   * Logs a failure; returns its id.
   *
   * @param what what failed as a log says it, as in "read a log"
   */
  public static String logged(String what, @Nullable Throwable cause) {
    String id = UUID.randomUUID().toString().substring(0, 8);
    LOG.error("Failed to {} (error {}).", what, id, cause);
    return id;
  }

  private Incident() {}
}
