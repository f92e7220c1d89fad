package dev.kantele.cluster;

import java.util.Objects;

/** The command line. */
public final class Main {

  private Main() {}

  /** Prints the version. */
  public static void main(String[] args) {
    String version = Main.class.getPackage().getImplementationVersion();
    System.out.println("Kantele " + Objects.requireNonNullElse(version, "(not packaged)"));
  }
}
