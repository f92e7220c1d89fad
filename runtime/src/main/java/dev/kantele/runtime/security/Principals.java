package dev.kantele.runtime.security;

import java.util.regex.Pattern;

/** Names of those for whom clients act. */
final class Principals {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@:+/|-]{1,128}");
  static final String EXPECTED = "1..128 characters of A-Za-z0-9._@:+/|-";

  /** Whether {@code name} is one. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  static String require(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "principal: " + name.length() + " characters (expected: " + EXPECTED + ")");
    }
    return name;
  }

  private Principals() {}
}
