package dev.kantele.runtime.tool;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression (that of {@link Pattern}) that a whole text must match, line breaks
 * included. No match takes more than a bounded number of steps. Immutable and thread-safe.
 */
public final class ArgumentPattern {
  /** What became of a match. */
  public enum Match {
    YES,
    NO,
    /** It took too many steps, so that nobody knows. */
    UNDECIDED
  }

  private final Pattern pattern;

  private ArgumentPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Compiles {@code regex}.
   *
   * @throws PatternSyntaxException if it is none
   */
  public static ArgumentPattern of(String regex) {
    return new ArgumentPattern(Pattern.compile(regex, Pattern.DOTALL));
  }

  /**
   * A pattern in which {@code *} stands for any characters, {@code ?} for one, and all else for
   * itself.
   */
  public static ArgumentPattern ofGlob(String glob) {
    var regex = new StringBuilder();
    glob.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(c)));
              }
            });
    return of(regex.toString());
  }

  /** Whether all of {@code text} matches. */
  public Match match(String text) {
    try {
      return pattern.matcher(new CountedText(text, new CheckSteps())).matches()
          ? Match.YES
          : Match.NO;
    } catch (CheckSteps.TooManyStepsException | StackOverflowError _) {
      return Match.UNDECIDED;
    }
  }

  /** The regular expression. */
  @Override
  public String toString() {
    return pattern.pattern();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ArgumentPattern same && same.toString().equals(toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }
}
