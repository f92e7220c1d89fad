package dev.kantele.runtime.poller.backend;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches by descriptor. A token names a watch to the kernel: the descriptor and the watch's
 * generation, so that what the kernel says of an earlier watch of that number finds nobody.
 */
final class DescriptorTable {
  /** What no watch has as its token. */
  static final long NO_WATCH = -1;

  private @Nullable Watch[] watches = new Watch[64];
  private int generation;

  /**
   * @param generation the one before the first
   */
  DescriptorTable(int generation) {
    this.generation = generation;
  }

  /** Who has this descriptor, if anybody. */
  @Nullable Watch at(int descriptor) {
    return descriptor < watches.length ? watches[descriptor] : null;
  }

  /** Whom a token names, if that watch is still there. */
  @Nullable Watch find(long token) {
    Watch watch = at((int) token);
    return watch != null && watch.generation == (int) (token >>> 32) ? watch : null;
  }

  static int descriptor(long token) {
    return (int) token;
  }

  static long token(Watch watch) {
    return (long) watch.generation << 32 | watch.descriptor;
  }

  /** Gives a watch its generation, of which there are so many that none comes again in time. */
  void number(Watch watch) {
    watch.generation = ++generation;
  }

  void put(Watch watch) {
    int descriptor = watch.descriptor;
    if (descriptor >= watches.length) {
      int needed = descriptor + 1;
      watches = Arrays.copyOf(watches, Math.max(needed, Integer.highestOneBit(descriptor) << 1));
    }
    watches[descriptor] = watch;
    watch.watched = true;
  }

  /** Forgets a watch; false if the place is not its own. */
  boolean remove(Watch watch) {
    watch.watched = false;
    if (!watch.equals(at(watch.descriptor))) {
      return false;
    }
    watches[watch.descriptor] = null;
    return true;
  }

  void forEach(Consumer<Watch> action) {
    for (Watch watch : watches) {
      if (watch != null) {
        action.accept(watch);
      }
    }
  }
}
