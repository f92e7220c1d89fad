package dev.kantele.runtime.session;

import dev.kantele.protocol.PromptPolicy;

/** A session in each of its states. The running turn is called a, the one that waits b. */
final class Scenes {
  static TestSession absent() {
    return new TestSession();
  }

  static TestSession idle() {
    var session = new TestSession();
    session.open();
    return session;
  }

  /** Turn a streams and has said "hel"; b waits. */
  static TestSession streaming() {
    TestSession session = idle();
    session.prompt("a");
    session.prompt("b");
    session.says("hel");
    return session;
  }

  /** Turn a waits for look (s1-1.0) and mail (s1-1.1). */
  static TestSession inTools() {
    TestSession session = idle();
    session.prompt("a");
    session.asks("look", "mail");
    return session;
  }

  /** Turn a was cancelled while it streamed, and must end within 2 s; b waits. */
  static TestSession endingStream() {
    TestSession session = streaming();
    session.cancel();
    return session;
  }

  /** Turn a was cancelled while look (s1-1.0) and mail (s1-1.1) ran. */
  static TestSession endingTools() {
    TestSession session = inTools();
    session.cancel();
    return session;
  }

  /** Turn a's first stream, s1-1, broke, and will be tried again soon. */
  static TestSession retrying() {
    TestSession session = idle();
    session.prompt("a");
    session.says("hel");
    session.breaks(true);
    return session;
  }

  /** Turn a streams and is to end, since the session closes then; b waits. */
  static TestSession closing() {
    TestSession session = streaming();
    session.command(Commanding.close("close"));
    return session;
  }

  static TestSession closed() {
    TestSession session = idle();
    session.command(Commanding.close("close"));
    return session;
  }

  /** A session with turn a running; {@code steers} have joined it. */
  static TestSession steered(String... steers) {
    TestSession session = idle();
    session.prompt("a");
    for (String steer : steers) {
      session.prompt(steer, PromptPolicy.STEER);
    }
    return session;
  }

  private Scenes() {}
}
