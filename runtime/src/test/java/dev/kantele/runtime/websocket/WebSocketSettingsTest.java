package dev.kantele.runtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.runtime.settings.SettingsException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class WebSocketSettingsTest {
  @Test
  void the_defaults_hold_together() {
    WebSocketSettings settings = TestSettings.webSocket("");

    assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.maxMessageBytes()).isEqualTo(1 << 20);
  }

  @Test
  void an_unknown_key_is_refused() {
    assertThatThrownBy(() -> TestSettings.webSocket("heart-beat = 1s"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("kantele.websocket.heart-beat: unknown key");
  }

  @Test
  void a_value_out_of_bounds_is_refused_with_the_bounds() {
    assertThatThrownBy(() -> TestSettings.webSocket("max-subscriptions = 0"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("kantele.websocket.max-subscriptions: 0 (expected: 1..1000000");
    assertThatThrownBy(() -> TestSettings.webSocket("heartbeat = 1ms"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("kantele.websocket.heartbeat");
  }

  @Test
  void more_subscriptions_than_the_event_bytes_allow_are_refused() {
    assertThatThrownBy(
            () -> TestSettings.webSocket("max-subscriptions = 1000, event-bytes = 100000"))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "kantele.websocket.event-bytes: 100000 with max-subscriptions: 1000 (expected: at least"
                + " 256 bytes for each)");
  }
}
