package dev.kantele.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test method a node of its own, by the parameters that it asks for: {@link TestNode},
 * {@link ScriptedModel}, {@link VirtualTime}, {@link Faults}, {@link
 * dev.kantele.testkit.world.World}, or {@link dev.kantele.runtime.Kantele} and {@link
 * dev.kantele.runtime.Session}, which have the node started before the method begins.
 *
 * <p>A method that fails says which seed to run it with to see the same again: {@code
 * -Dkantele.testkit.seed=N}. Each repetition of a repeated test has a seed of its own.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(KanteleExtension.class)
public @interface KanteleTest {
  /** From what the order of everything follows that may come in more than one. */
  long seed() default 1;

  /** Whether a method fails, too, if the log of a session that it opened breaks a rule. */
  boolean checkRules() default true;
}
