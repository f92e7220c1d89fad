package dev.kantele.testkit.schedule;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** The faults of thousands of schedules, each logged with its stack, would tell nobody anything. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Quiet.Silence.class)
@interface Quiet {
  /** Has nothing logged while the tests of a class run. */
  final class Silence implements BeforeAllCallback, AfterAllCallback {
    private static final Logger ROOT = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private static final Level BEFORE = ROOT.getLevel();

    @Override
    public void beforeAll(ExtensionContext context) {
      ROOT.setLevel(Level.OFF);
    }

    @Override
    public void afterAll(ExtensionContext context) {
      ROOT.setLevel(BEFORE);
    }
  }
}
