package dev.kantele.runtime.poller.backend;

/** One end of a connection to poll, and what can happen at the other end. */
interface Line extends AutoCloseable {
  /** A watch of this end. */
  Watch watch(Trigger trigger, int interest);

  /** The other end sends a byte. */
  void send();

  /** This end reads all there is. */
  void drain();

  /** This end writes until there is no room. */
  void fill();

  /** The other end reads all there is. */
  void drainOther();

  /** The other end closes. */
  void hangUp();

  @Override
  void close();
}
