package dev.kantele.runtime.tool;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressions;
import java.util.regex.Pattern;

/**
 * A regular expression of a schema, matched within a bounded number of steps. The JDK's matcher
 * backtracks, so that a pattern such as {@code (a+)+$} may take longer than anyone waits; it reads
 * the text through {@link CharSequence#charAt}, which is where the steps are counted.
 */
final class BoundedPattern implements RegularExpression {
  /** Thrown where a pattern takes more than {@value #MAX_STEPS} steps. */
  static final class TooManyStepsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyStepsException(String pattern) {
      super(pattern, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    }
  }

  static final int MAX_STEPS = 1_000_000;

  private final String regex;
  private final Pattern pattern;

  BoundedPattern(String regex) {
    this.regex = regex;
    this.pattern =
        Pattern.compile(
            RegularExpressions.replaceLongformCharacterProperties(
                RegularExpressions.replaceDollarAnchors(regex)));
  }

  @Override
  public boolean matches(String text) {
    return pattern.matcher(new CountedText(text, new int[] {MAX_STEPS})).find();
  }

  /** A text that may be read so many times; a part of it shares the count. */
  private final class CountedText implements CharSequence {
    private final CharSequence text;
    private final int[] stepsLeft;

    CountedText(CharSequence text, int[] stepsLeft) {
      this.text = text;
      this.stepsLeft = stepsLeft;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (--stepsLeft[0] < 0) {
        throw new TooManyStepsException(regex);
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new CountedText(text.subSequence(start, end), stepsLeft);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
