package dev.kantele.runtime.poller.backend;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What one wait found: sources and their readiness, each source once. Reused for each wait. */
public final class Ready {
  private @Nullable Watch[] watches = new Watch[64];
  private int[] readiness = new int[64];
  private int size;

  /** How many sources. */
  public int size() {
    return size;
  }

  /** The source at {@code index}. */
  @SuppressWarnings("NullAway") // Nobody asks beyond the size.
  public Watch watch(int index) {
    return watches[index];
  }

  /** The {@link Readiness} of the source at {@code index}. */
  public int readiness(int index) {
    return readiness[index];
  }

  /** Adds a source, or more readiness of one that is here. */
  public void add(Watch watch, int bits) {
    if (watch.readyIndex >= 0) {
      readiness[watch.readyIndex] |= bits;
      return;
    }
    if (size == readiness.length) {
      watches = Arrays.copyOf(watches, 2 * size);
      readiness = Arrays.copyOf(readiness, 2 * size);
    }
    watches[size] = watch;
    readiness[size] = bits;
    watch.readyIndex = size++;
  }

  /** Forgets all, and keeps no source from being collected. */
  public void clear() {
    for (int i = 0; i < size; i++) {
      watch(i).readyIndex = -1;
      watches[i] = null;
    }
    size = 0;
  }
}
