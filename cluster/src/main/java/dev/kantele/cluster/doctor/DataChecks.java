package dev.kantele.cluster.doctor;

import dev.kantele.runtime.journal.DataFolder;
import dev.kantele.runtime.journal.JournalException;
import dev.kantele.runtime.journal.JournalKind;
import dev.kantele.runtime.journal.JournalSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether sessions can be kept. */
final class DataChecks {
  /** The free space of a disk in bytes. */
  @FunctionalInterface
  interface Space {
    long free(Path existing) throws IOException;
  }

  private static final String DATA = "data";
  private static final String DISK = "disk";
  private static final long MEBIBYTE = 1L << 20;
  private static final long ENOUGH_BYTES = 1_024 * MEBIBYTE;
  private static final long LEAST_BYTES = 64 * MEBIBYTE;

  /** Looks, with {@code node} telling whether a node answers on the port. */
  static List<Finding> check(JournalSettings journal, boolean node, Space space) {
    if (journal.kind() == JournalKind.MEMORY) {
      return List.of(
          Finding.ok(DATA, "sessions are kept in memory, and are gone with the process"));
    }
    Path folder = journal.data().toAbsolutePath().normalize();
    var findings = new ArrayList<Finding>();
    findings.add(folder(folder, node));
    findings.add(disk(existing(folder), space));
    return findings;
  }

  private static Finding folder(Path folder, boolean node) {
    try {
      return switch (DataFolder.inspect(folder)) {
        case MISSING -> Finding.ok(DATA, folder + " is not there yet; serve creates it");
        case USABLE -> Finding.ok(DATA, folder + " can be written, and its journal is sound");
        case IN_USE ->
            node
                ? Finding.ok(DATA, folder + " is in use by a node, and is not looked into")
                : Finding.fail(
                    DATA,
                    folder
                        + " is in use by another process; stop that one or set kantele.data to another folder");
      };
    } catch (JournalException e) {
      return Finding.fail(DATA, String.valueOf(e.getMessage()));
    }
  }

  private static Path existing(Path folder) {
    Path path = folder;
    while (Files.notExists(path) && path.getParent() != null) {
      path = path.getParent();
    }
    return path;
  }

  private static Finding disk(Path path, Space space) {
    long free;
    try {
      free = space.free(path);
    } catch (IOException e) {
      return Finding.warn(
          DISK, "how much of it is free at %s is not known: %s".formatted(path, e.getMessage()));
    }
    String left = "%d MiB are free at %s".formatted(free / MEBIBYTE, path);
    if (free < LEAST_BYTES) {
      return Finding.fail(
          DISK, left + "; make room, or set kantele.data to a folder on another disk");
    }
    return free < ENOUGH_BYTES
        ? Finding.warn(DISK, left + "; make room before it is full")
        : Finding.ok(DISK, left);
  }

  private DataChecks() {}
}
