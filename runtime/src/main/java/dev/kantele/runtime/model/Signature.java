package dev.kantele.runtime.model;

import java.util.Optional;

/**
 * A vendor's signature of reasoning as it is kept in a transcript: {@code VENDOR:SIGNATURE}. A
 * session may go on with another vendor's model, which would refuse what it did not sign itself.
 */
public final class Signature {
  /** Returns what to keep of {@code signature}, which {@code vendor} made. */
  public static String of(String vendor, String signature) {
    return vendor + ":" + signature;
  }

  /** Returns what {@code vendor} signed; empty if {@code kept} is not of that vendor. */
  public static Optional<String> read(String vendor, String kept) {
    return kept.startsWith(vendor + ":")
        ? Optional.of(kept.substring(vendor.length() + 1))
        : Optional.empty();
  }

  private Signature() {}
}
