package dev.kantele.runtime.poller;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.poller.backend.Trigger;
import dev.kantele.runtime.poller.backend.Watch;
import java.io.IOException;
import java.nio.channels.SelectableChannel;

/**
 * A source that a loop watches for its owner. The owner opens the source and closes it, after
 * {@link #cancel}. Only the loop's thread may call what changes a registration.
 */
public final class Registration extends Watch {
  static final int CANCELLED = -1;

  /** Where it is among the loop's sources, or {@link #CANCELLED}. */
  int index = CANCELLED;

  private final PollerLoop loop;
  private final ReadinessHandler handler;

  Registration(
      PollerLoop loop, int descriptor, Trigger trigger, int interest, ReadinessHandler handler) {
    super(descriptor, trigger, interest);
    this.loop = loop;
    this.handler = requireNonNull(handler, "handler");
  }

  Registration(
      PollerLoop loop,
      SelectableChannel channel,
      Trigger trigger,
      int interest,
      ReadinessHandler handler) {
    super(channel, trigger, interest);
    this.loop = loop;
    this.handler = requireNonNull(handler, "handler");
  }

  /** The loop that watches it. */
  public PollerLoop loop() {
    return loop;
  }

  /**
   * Watches for another interest from now on; what was asked for before and is not asked for now is
   * told no more. Arms a {@link Trigger#ONE_SHOT} registration anew.
   *
   * @param interest of {@link dev.kantele.runtime.poller.backend.Interest}
   * @throws IOException if the system refuses; the interest is as before then
   * @throws IllegalStateException on another thread, or after {@link #cancel}
   */
  public void interest(int interest) throws IOException {
    loop.update(this, interest);
  }

  /**
   * Watches no more. The handler is not called again, even for what has been found already. Does
   * nothing the second time. The source stays open.
   *
   * @throws IllegalStateException on another thread
   */
  public void cancel() {
    loop.cancel(this);
  }

  ReadinessHandler handler() {
    return handler;
  }

  @Override
  public String toString() {
    return "Registration[" + source() + ", interest " + interest() + ", " + trigger() + "]";
  }
}
