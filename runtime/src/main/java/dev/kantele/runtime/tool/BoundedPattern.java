package dev.kantele.runtime.tool;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressions;
import java.util.regex.Pattern;

/**
 * A regular expression of a schema, matched within the steps of its check. The JDK's matcher
 * backtracks; it reads the text through {@link CharSequence#charAt}, which is where the steps are
 * counted.
 */
final class BoundedPattern implements RegularExpression {
  private final Pattern pattern;

  BoundedPattern(String regex) {
    this.pattern =
        Pattern.compile(
            RegularExpressions.replaceLongformCharacterProperties(
                RegularExpressions.replaceDollarAnchors(regex)));
  }

  @Override
  public boolean matches(String text) {
    return pattern.matcher(new CountedText(text, CheckSteps.current())).find();
  }

  /** A text that takes a step for each character that is read. */
  private record CountedText(CharSequence text, CheckSteps steps) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      steps.take();
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new CountedText(text.subSequence(start, end), steps);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
