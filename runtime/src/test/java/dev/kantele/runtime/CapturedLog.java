package dev.kantele.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What is logged while it is open, down to the last detail, with the exceptions. */
final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final List<Logger> loggers = List.of(logger("dev.kantele"), logger("org.apache.pekko"));

  private CapturedLog() {}

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }

  static CapturedLog ofEverything() {
    var log = new CapturedLog();
    log.start();
    for (Logger logger : log.loggers) {
      logger.addAppender(log);
      logger.setLevel(Level.TRACE);
      logger.setAdditive(false);
    }
    return log;
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.add(event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy()));
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    for (Logger logger : loggers) {
      logger.setLevel(null);
      logger.setAdditive(true);
      logger.detachAppender(this);
    }
    stop();
  }
}
