package dev.kantele.runtime.tool;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressions;
import java.util.regex.Pattern;

/** A regular expression of a schema, matched within the steps of its check. */
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
}
