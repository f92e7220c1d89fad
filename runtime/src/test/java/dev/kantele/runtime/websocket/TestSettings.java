package dev.kantele.runtime.websocket;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;

/** The settings of a test: the defaults, with changes in HOCON. */
public final class TestSettings {
  /** The block {@code kantele} with {@code changes}. */
  public static Config kantele(String changes) {
    return ConfigFactory.parseString("kantele {" + changes + "}")
        .withFallback(ConfigFactory.parseResources("reference.conf"))
        .resolve()
        .getConfig("kantele");
  }

  /** Settings of connections, with {@code changes} as in {@code heartbeat = 1s}. */
  public static WebSocketSettings webSocket(String changes) {
    return WebSocketSettings.from(kantele("websocket {" + changes + "}"));
  }

  private TestSettings() {}
}
