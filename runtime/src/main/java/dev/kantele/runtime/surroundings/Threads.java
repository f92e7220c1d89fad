package dev.kantele.runtime.surroundings;

/** Threads for code of a host that may block, such as tools and hooks. Thread-safe. */
public interface Threads {
  /** Virtual threads. */
  Threads VIRTUAL =
      new Threads() {
        @Override
        public Thread unstarted(String name, Runnable task) {
          return Thread.ofVirtual().name(name).unstarted(task);
        }

        @Override
        public void interrupt(Thread thread) {
          thread.interrupt();
        }
      };

  /** Returns a thread that will run {@code task} when it is started. */
  Thread unstarted(String name, Runnable task);

  /** Interrupts a thread that came from here, at once or soon. */
  void interrupt(Thread thread);
}
