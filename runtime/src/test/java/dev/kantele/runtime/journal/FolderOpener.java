package dev.kantele.runtime.journal;

import java.nio.file.Path;

/** A process that opens a data folder; exits with 3 if another one has it. */
final class FolderOpener {
  static final int REFUSED = 3;

  public static void main(String[] args) {
    try (DataFolder folder = DataFolder.open(Path.of(args[0]))) {
      System.out.println(folder.path());
    } catch (JournalException e) {
      System.out.println(e.getMessage());
      System.exit(REFUSED);
    }
  }

  /** Runs it; returns its exit code. */
  static int run(Path folder) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            FolderOpener.class.getName(),
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private FolderOpener() {}
}
