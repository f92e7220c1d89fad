package dev.kantele.runtime.tool;

/**
 * A text that takes a step for each character that is read. The JDK's matcher backtracks, and it
 * reads through {@link CharSequence#charAt}.
 */
record CountedText(CharSequence text, CheckSteps steps) implements CharSequence {
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
