package dev.kantele.cluster.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version that the jar was built as. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "Kantele " + Objects.requireNonNullElse(version, "(not packaged)"),
      "Java " + Runtime.version()
    };
  }
}
