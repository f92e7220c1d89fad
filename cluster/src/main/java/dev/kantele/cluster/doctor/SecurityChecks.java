package dev.kantele.cluster.doctor;

import dev.kantele.runtime.http.HttpSettings;
import dev.kantele.runtime.security.SecuritySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who can reach the node, and who can read what it goes by. */
final class SecurityChecks {
  private static final String CHECK = "security";

  static List<Finding> check(
      HttpSettings http, SecuritySettings security, Optional<Path> tokensFile) {
    var findings = new ArrayList<Finding>();
    findings.add(reach(http, security));
    tokensFile
        .filter(SecurityChecks::isReadByOthers)
        .ifPresent(file -> findings.add(readByOthers("the tokens file", file)));
    http.tls()
        .filter(files -> isReadByOthers(files.key()))
        .ifPresent(files -> findings.add(readByOthers("the TLS key", files.key())));
    return findings;
  }

  private static Finding reach(HttpSettings http, SecuritySettings security) {
    boolean known = security.authenticates();
    if (http.isLoopback()) {
      return Finding.ok(
          CHECK,
          known
              ? "this machine only can connect, by tokens"
              : "this machine only can connect, without tokens");
    }
    if (!known) {
      return Finding.warn(
          CHECK,
          "everybody who reaches %s may use the node; set kantele.security.tokens"
              .formatted(http.host()));
    }
    return http.tls().isPresent()
        ? Finding.ok(CHECK, "other machines can connect, by tokens over TLS")
        : Finding.warn(
            CHECK,
            "tokens reach %s unencrypted; set kantele.http.tls, or put a proxy that does TLS before the node and listen on 127.0.0.1"
                .formatted(http.host()));
  }

  private static boolean isReadByOthers(Path file) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      return permissions.contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException _) {
      // It is reported by the check of the settings if it can't be read; elsewhere there is no such
      // right.
      return false;
    }
  }

  private static Finding readByOthers(String what, Path file) {
    return Finding.warn(
        CHECK,
        "every user of this machine can read %s %s; chmod 600 %s".formatted(what, file, file));
  }

  private SecurityChecks() {}
}
