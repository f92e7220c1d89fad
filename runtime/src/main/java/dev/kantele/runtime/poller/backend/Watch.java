package dev.kantele.runtime.poller.backend;

import static java.util.Objects.requireNonNull;

import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/** A source as its back end sees it: a descriptor or a channel, and what is asked of it. */
public abstract class Watch {
  /** In place of a descriptor, for channels. */
  public static final int NO_DESCRIPTOR = -1;

  final int descriptor;
  final @Nullable SelectableChannel channel;
  final Trigger trigger;

  /** What the owner asks for. */
  int interest;

  /** Tells this watch from another of the same descriptor, before or after. */
  int generation;

  boolean watched;

  /** Whether the system has been told to forget this source, though it is watched. */
  boolean disarmed;

  /** Where this is in what the current wait found, or -1. */
  int readyIndex = -1;

  /** Watches a descriptor. */
  protected Watch(int descriptor, Trigger trigger, int interest) {
    if (descriptor < 0) {
      throw new IllegalArgumentException("descriptor: " + descriptor + " (expected: 0..)");
    }
    this.descriptor = descriptor;
    this.channel = null;
    this.trigger = requireNonNull(trigger, "trigger");
    this.interest = Interest.checked(interest);
  }

  /** Watches a channel. */
  protected Watch(SelectableChannel channel, Trigger trigger, int interest) {
    this.descriptor = NO_DESCRIPTOR;
    this.channel = requireNonNull(channel, "channel");
    this.trigger = requireNonNull(trigger, "trigger");
    this.interest = Interest.checked(interest);
  }

  /** The descriptor, or {@link #NO_DESCRIPTOR} if it is a channel. */
  public final int descriptor() {
    return descriptor;
  }

  /** The channel, or null if it is a descriptor. */
  public final @Nullable SelectableChannel channel() {
    return channel;
  }

  /** When readiness is told again. */
  public final Trigger trigger() {
    return trigger;
  }

  /** What the owner asks for. */
  public final int interest() {
    return interest;
  }

  /** Whether a back end watches it. */
  public final boolean watched() {
    return watched;
  }

  /**
   * What is to be told of {@code readiness} now, which may be nothing: the owner may have changed
   * its mind since it was found. Disarms what is told once.
   */
  public final int take(int readiness) {
    if (!watched) {
      return 0;
    }
    int told = readiness & (interest | Readiness.WHETHER_ASKED_OR_NOT);
    if (told != 0 && trigger == Trigger.ONE_SHOT) {
      interest = Interest.NONE;
    }
    return told;
  }

  /** {@code "descriptor 7"}, for messages. */
  public final String source() {
    return channel == null ? "descriptor " + descriptor : "channel " + channel;
  }
}
