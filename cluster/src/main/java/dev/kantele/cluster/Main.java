package dev.kantele.cluster;

import dev.kantele.cluster.cli.CommandLineInterface;

/** The process that {@code ./kantele} starts. */
public final class Main {

  private Main() {}

  /** Does what the arguments say and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(CommandLineInterface.run(args, System.getenv()));
  }
}
