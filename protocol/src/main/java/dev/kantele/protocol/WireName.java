package dev.kantele.protocol;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value of {@code type} by which a message goes over the wire and into the journal. Never
 * reused, never changed.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface WireName {
  /** The name, as in {@code turn.started}. */
  String value();
}
