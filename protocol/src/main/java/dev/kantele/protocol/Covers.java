package dev.kantele.protocol;

/** The numbers, first and last, that an event stands for. */
public record Covers(long from, long to) {
  public Covers {
    WireNumber.require("from", from, 1);
    WireNumber.require("to", to, from);
  }

  /** One number. */
  public static Covers of(long seq) {
    return new Covers(seq, seq);
  }
}
