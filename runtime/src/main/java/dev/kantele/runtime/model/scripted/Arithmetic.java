package dev.kantele.runtime.model.scripted;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds arithmetic in a text that people wrote, in words or signs. */
final class Arithmetic {
  private static final int MAX_EXPRESSIONS = 8;
  private static final int MAX_DEPTH = 32;
  private static final Pattern NUMBER =
      Pattern.compile("(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:[eE][+-]?\\d{1,3})?(?![\\p{L}\\d])");
  private static final Pattern FUNCTION =
      Pattern.compile("(?:sqrt|abs|min|max|round|floor|ceil)\\(");
  private static final Pattern CONSTANT = Pattern.compile("(?:pi|e)(?![\\p{L}\\d])");

  private final String text;
  private int position;
  private int operations;
  private int depth;

  private Arithmetic(String text) {
    this.text = text;
  }

  /** The expressions in {@code text} that have something to work out, in order, at most eight. */
  static List<String> in(String text) {
    String signs = inSigns(text);
    var found = new ArrayList<String>();
    for (int start = 0; start < signs.length() && found.size() < MAX_EXPRESSIONS; start++) {
      if (start > 0 && isInWord(signs, start)) {
        continue;
      }
      var attempt = new Arithmetic(signs);
      attempt.position = start;
      if (attempt.sum() && attempt.operations > 0) {
        found.add(signs.substring(start, attempt.position).strip());
        start = attempt.position;
      }
    }
    return found;
  }

  private static boolean isInWord(String text, int start) {
    char before = text.charAt(start - 1);
    return Character.isLetterOrDigit(before) || before == '.' || text.charAt(start) == ' ';
  }

  /** Rewrites what is said in words; takes out dates and the like, which only look like a sum. */
  private static String inSigns(String text) {
    return text.replaceAll("\\b\\d{4}-\\d{2}-\\d{2}\\b|\\b24/7\\b", " ; ")
        .replaceAll("(?<![\\w(.,])(\\d{1,3}),(\\d{3})(?![\\d,)])", "$1$2")
        .replaceAll("(?i)(\\d)\\s*(?:%|percent) of (?=[\\d(])", "$1 / 100 * ")
        .replaceAll("(?i)(?<=[\\d)])\\s*(?:×|·|\\bx\\b|times|multiplied by)\\s*(?=[\\d(-])", " * ")
        .replaceAll("(?i)(?<=[\\d)])\\s*(?:÷|divided by)\\s*(?=[\\d(-])", " / ")
        .replaceAll("(?i)(?<=[\\d)])\\s*plus\\s*(?=[\\d(-])", " + ")
        .replaceAll("(?i)(?<=[\\d)])\\s*(?:−|minus)\\s*(?=[\\d(-])", " - ")
        .replaceAll("(?i)(?<=[\\d)])\\s*(?:\\*\\*|to the power of)\\s*(?=[\\d(-])", " ^ ")
        .replaceAll("(?i)(?<=[\\d)])\\s+squared\\b", " ^ 2")
        .replaceAll("(?i)(?<=[\\d)])\\s+cubed\\b", " ^ 3")
        .replaceAll("(?i)\\b(?:the )?square root of (\\d+(?:\\.\\d+)?)", "sqrt($1)");
  }

  // A recogniser of the calculator's grammar. Each method moves the position behind what it found,
  // or leaves it and says false; an operator without an operand after it is left out.

  private boolean sum() {
    return operands("+-*/%^");
  }

  private boolean operands(String operators) {
    if (!operand()) {
      return false;
    }
    while (true) {
      int end = position;
      skipSpaces();
      if (position >= text.length() || operators.indexOf(text.charAt(position)) < 0) {
        position = end;
        return true;
      }
      position++;
      if (!operand()) {
        position = end;
        return true;
      }
      operations++;
    }
  }

  private boolean operand() {
    int start = position;
    skipSpaces();
    while (position < text.length() && text.charAt(position) == '-') {
      position++;
      skipSpaces();
    }
    if (take(NUMBER) || take(CONSTANT) || call() || parentheses()) {
      return true;
    }
    position = start;
    return false;
  }

  private boolean call() {
    int start = position;
    if (!take(FUNCTION) || !inside()) {
      position = start;
      return false;
    }
    operations++;
    return true;
  }

  private boolean parentheses() {
    int start = position;
    if (position < text.length() && text.charAt(position) == '(') {
      position++;
      if (inside()) {
        return true;
      }
    }
    position = start;
    return false;
  }

  /** The inside of parentheses, one expression or several behind commas, and the closing one. */
  private boolean inside() {
    if (++depth > MAX_DEPTH) {
      return false;
    }
    boolean more = true;
    while (more && sum()) {
      skipSpaces();
      more = position < text.length() && text.charAt(position) == ',';
      position += more ? 1 : 0;
    }
    depth--;
    if (!more && position < text.length() && text.charAt(position) == ')') {
      position++;
      return true;
    }
    return false;
  }

  private boolean take(Pattern token) {
    var matcher = token.matcher(text).region(position, text.length()).useTransparentBounds(true);
    if (!matcher.lookingAt()) {
      return false;
    }
    position = matcher.end();
    return true;
  }

  private void skipSpaces() {
    while (position < text.length() && text.charAt(position) == ' ') {
      position++;
    }
  }
}
