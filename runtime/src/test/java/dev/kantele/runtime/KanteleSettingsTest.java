package dev.kantele.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.kantele.runtime.settings.SettingsException;
import org.junit.jupiter.api.Test;

final class KanteleSettingsTest {
  private static KanteleSettings settings(String overrides) {
    return KanteleSettings.from(ConfigFactory.parseString(overrides));
  }

  @Test
  void a_later_setting_is_seen_by_the_keys_that_refer_to_it() {
    var settings = settings("kantele.agents.other { tools = [] }");

    var changed = settings.with("kantele.model", "scripted/another");

    assertThat(changed.config().getString("kantele.agent-defaults.model"))
        .isEqualTo("scripted/another");
    assertThat(settings.config().getString("kantele.agent-defaults.model"))
        .isEqualTo("scripted/demo");
  }

  @Test
  void a_later_setting_wins_over_an_override() {
    var settings = settings("kantele.model = scripted/mine").with("kantele.model", "scripted/last");

    assertThat(settings.config().getString("kantele.model")).isEqualTo("scripted/last");
  }

  @Test
  void a_reference_to_nothing_is_named() {
    assertThatThrownBy(() -> settings("kantele.model = ${nobody.has.this}"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("nobody.has.this");
  }
}
