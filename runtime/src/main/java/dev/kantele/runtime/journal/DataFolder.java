package dev.kantele.runtime.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which a node keeps what must survive it, locked for one process at a time:
 *
 * <ul>
 *   <li>{@code lock}: held while the folder is open; empty;
 *   <li>{@code format}: the number of the folder's layout, {@value #FORMAT};
 *   <li>{@code journal.db}, and beside it SQLite's {@code -wal} and {@code -shm}: the journal.
 * </ul>
 */
public final class DataFolder implements AutoCloseable {
  /** The layout that this version writes, and the newest that it reads. */
  static final int FORMAT = 1;

  /** What {@link #inspect} found. */
  public enum State {
    /** There is no such folder; it can be created. */
    MISSING,
    /** Some process has it open; nothing is known of what is in it. */
    IN_USE,
    /** It can be opened. */
    USABLE
  }

  /**
   * The folders that this process has open, by their real paths. Their lock files are not opened
   * again: on POSIX systems closing any channel of a file gives up the process's locks of it.
   */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final Path realPath;
  private final FileChannel lockFile;

  private DataFolder(Path path, Path realPath, FileChannel lockFile) {
    this.path = path;
    this.realPath = realPath;
    this.lockFile = lockFile;
  }

  /**
   * Opens the folder, creating it if need be, and checks what is in it before anything is written.
   *
   * @throws JournalException if it is not writable, in use, damaged or of a newer version
   */
  public static DataFolder open(Path path) {
    Path folder = path.toAbsolutePath().normalize();
    create(folder);
    Path realPath = realPath(folder);
    if (!OPEN.add(realPath)) {
      throw JournalException.openHere(folder);
    }
    FileChannel lockFile;
    try {
      lockFile = lock(folder);
    } catch (RuntimeException e) {
      OPEN.remove(realPath);
      throw e;
    }
    DataFolder opened = new DataFolder(folder, realPath, lockFile);
    try {
      opened.check();
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /**
   * Finds out whether {@link #open} could open the folder; creates and writes nothing but SQLite's
   * {@code -shm}, where a node left a {@code -wal}.
   *
   * @throws JournalException as {@code open} does, unless the folder is in use
   */
  public static State inspect(Path path) {
    Path folder = path.toAbsolutePath().normalize();
    if (Files.notExists(folder)) {
      requireCreatable(folder);
      return State.MISSING;
    }
    requireWritable(folder);
    if (isLocked(folder)) {
      return State.IN_USE;
    }
    try {
      checkContent(folder);
    } catch (IOException e) {
      throw JournalException.notWritable(folder, e);
    }
    return State.USABLE;
  }

  private static void requireCreatable(Path folder) {
    Path existing = folder;
    while (Files.notExists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
      throw JournalException.notCreated(
          folder, new IOException(existing + " is no folder that can be written to"));
    }
  }

  private static void requireWritable(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw JournalException.notFolder(folder);
    }
    if (!Files.isWritable(folder)) {
      throw JournalException.notWritable(folder);
    }
  }

  private static boolean isLocked(Path folder) {
    Path file = folder.resolve("lock");
    if (Files.notExists(file)) {
      return false;
    }
    if (OPEN.contains(realPath(folder))) {
      return true;
    }
    try (FileChannel channel = FileChannel.open(file, WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null;
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (IOException e) {
      throw JournalException.notWritable(folder, e);
    }
  }

  /** The folder's absolute path. */
  public Path path() {
    return path;
  }

  /** The journal's database; it need not exist yet. */
  public Path database() {
    return path.resolve("journal.db");
  }

  /** Lets another process open the folder. Close it after the actor system has terminated. */
  @Override
  public void close() {
    if (!lockFile.isOpen()) {
      return;
    }
    try {
      lockFile.close();
    } catch (IOException e) {
      // Closing a file that nothing was written to loses nothing, and the lock goes with it.
    } finally {
      OPEN.remove(realPath);
    }
  }

  private static void create(Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw JournalException.notFolder(folder);
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw JournalException.notCreated(folder, e);
    }
    if (!Files.isWritable(folder)) {
      throw JournalException.notWritable(folder);
    }
  }

  private static Path realPath(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw JournalException.notWritable(folder, e);
    }
  }

  private static FileChannel lock(Path folder) {
    FileChannel file;
    try {
      file = FileChannel.open(folder.resolve("lock"), CREATE, WRITE);
    } catch (IOException e) {
      throw JournalException.notWritable(folder, e);
    }
    try {
      @Nullable FileLock lock = file.tryLock();
      if (lock != null) {
        return file;
      }
      file.close();
    } catch (OverlappingFileLockException e) {
      closeQuietly(file);
      throw JournalException.openHere(folder);
    } catch (IOException e) {
      closeQuietly(file);
      throw JournalException.notWritable(folder, e);
    }
    throw JournalException.inUse(folder);
  }

  private void check() {
    Path file = path.resolve("format");
    try {
      checkContent(path);
      if (Files.notExists(file)) {
        writeFormat(file);
      }
    } catch (IOException e) {
      throw JournalException.notWritable(path, e);
    }
  }

  private static void checkContent(Path folder) throws IOException {
    Path file = folder.resolve("format");
    if (Files.exists(file)) {
      checkFormat(folder, file);
    }
    SqliteCheck.check(folder.resolve("journal.db"));
  }

  private static void checkFormat(Path folder, Path file) throws IOException {
    String content = Files.readString(file).strip();
    if (!content.matches("[0-9]{1,9}")) {
      throw JournalException.damaged(file, "it holds no number");
    }
    int format = Integer.parseInt(content);
    if (format > FORMAT) {
      throw JournalException.newer(folder, "format", format, FORMAT);
    }
  }

  /** Writes beside the file first, so that a crash leaves no half of it. */
  private static void writeFormat(Path file) throws IOException {
    Path draft = file.resolveSibling("format.new");
    try (FileChannel channel = FileChannel.open(draft, CREATE, TRUNCATE_EXISTING, WRITE)) {
      channel.write(ByteBuffer.wrap((FORMAT + "\n").getBytes(US_ASCII)));
      channel.force(true);
    }
    Files.move(draft, file, ATOMIC_MOVE);
  }

  private static void closeQuietly(FileChannel file) {
    try {
      file.close();
    } catch (IOException e) {
      // It is empty, and the caller already has something to report.
    }
  }
}
