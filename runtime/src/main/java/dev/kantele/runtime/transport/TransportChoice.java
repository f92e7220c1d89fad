package dev.kantele.runtime.transport;

import com.typesafe.config.Config;
import dev.kantele.runtime.settings.SettingsException;
import dev.kantele.runtime.settings.SettingsReader;
import java.util.Locale;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which transport carries a node's port: {@code kantele.transport}. */
public enum TransportChoice {
  /** The native one where there is one, else the portable one. */
  AUTO,
  /** Sockets on poll loops of our own. */
  NATIVE,
  /** pekko-http's own server, which runs wherever Java does. */
  PORTABLE;

  private static final Logger log = LoggerFactory.getLogger(TransportChoice.class);
  private static final String KEY = "kantele.transport";

  /**
   * Reads {@code kantele.transport}.
   *
   * @param kanteleConfig the block {@code kantele} of the whole, resolved configuration
   * @throws SettingsException if it is none of these, or the native one is asked for where there is
   *     none
   */
  public static TransportChoice from(Config kanteleConfig) {
    SettingsReader reader = SettingsReader.of(kanteleConfig, "kantele");
    String name = reader.string("transport");
    TransportChoice choice =
        switch (name) {
          case "auto" -> AUTO;
          case "native" -> NATIVE;
          case "portable" -> PORTABLE;
          default -> throw reader.invalid("transport", "auto, native or portable");
        };
    if (choice == NATIVE) {
      NativeTcp.obstacle()
          .ifPresent(
              obstacle -> {
                throw new SettingsException(
                    "%s: 'native' can't be had here, for %s (expected: auto or portable)"
                        .formatted(KEY, obstacle));
              });
    }
    return choice;
  }

  /** What it comes to on this machine: {@link #NATIVE} or {@link #PORTABLE}. */
  public TransportChoice here() {
    return switch (this) {
      case AUTO -> NativeTcp.obstacle().isEmpty() ? NATIVE : PORTABLE;
      case NATIVE, PORTABLE -> this;
    };
  }

  /** In a sentence, what it comes to on this machine and why. */
  public String reason() {
    return switch (this) {
      case NATIVE -> "native";
      case PORTABLE -> "portable, as it is set";
      case AUTO ->
          NativeTcp.obstacle().map(obstacle -> "portable, for " + obstacle).orElse("native");
    };
  }

  /** The transport of a node's port; empty: pekko-http's own server. */
  public Optional<Transport> open(ActorSystem<?> system) {
    log.info("The port's transport is {}.", reason());
    return here() == NATIVE ? Optional.of(NativeTcp.of(system)) : Optional.empty();
  }

  /** As it is written in the configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
