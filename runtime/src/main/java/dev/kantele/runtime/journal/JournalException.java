package dev.kantele.runtime.journal;

import java.nio.file.Path;

/**
 * The journal can't be used. The message is one plain sentence and what to do about it, fit to be
 * shown to whoever starts the node; the cause, if any, is for the log.
 */
public final class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private JournalException(String message, Throwable cause) {
    super(message, cause);
  }

  private JournalException(String message) {
    super(message);
  }

  static JournalException notFolder(Path folder) {
    return new JournalException(
        "data folder " + folder + " is not a folder; set kantele.data to one or remove the file");
  }

  static JournalException notCreated(Path folder, Throwable cause) {
    return new JournalException(
        "data folder "
            + folder
            + " can't be created; set kantele.data to a folder that this user may write to",
        cause);
  }

  static JournalException notWritable(Path folder) {
    return new JournalException(
        "data folder "
            + folder
            + " is not writable; let this user write to it or set kantele.data to another folder");
  }

  static JournalException notWritable(Path folder, Throwable cause) {
    return new JournalException(
        "data folder "
            + folder
            + " is not writable; let this user write to it or set kantele.data to another folder",
        cause);
  }

  static JournalException inUse(Path folder) {
    return new JournalException(
        "data folder "
            + folder
            + " is in use by another process; stop that one or set kantele.data to another folder");
  }

  static JournalException openHere(Path folder) {
    return new JournalException(
        "data folder "
            + folder
            + " is in use by this process; close its first user or set kantele.data to another"
            + " folder");
  }

  static JournalException newer(Path file, String what, long format, long readable) {
    return new JournalException(
        file
            + " was written by a newer Kantele ("
            + what
            + " "
            + format
            + ", this one reads up to "
            + readable
            + "): start that version again; nothing was changed");
  }

  static JournalException damaged(Path file, String how) {
    return new JournalException(damagedMessage(file, how));
  }

  static JournalException damaged(Path file, String how, Throwable cause) {
    return new JournalException(damagedMessage(file, how), cause);
  }

  static JournalException notPrepared(Path file, Throwable cause) {
    return new JournalException(
        "the tables of "
            + file
            + " can't be created; check that the disk is neither full nor read-only",
        cause);
  }

  private static String damagedMessage(Path file, String how) {
    return file + " is damaged: " + how + "; move it away or restore a backup; nothing was changed";
  }
}
