package dev.kantele.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.WireName;
import org.junit.jupiter.api.Test;

class WireNamesTest {
  sealed interface Twice {
    @WireName("same")
    record First() implements Twice {}

    @WireName("same")
    record Second() implements Twice {}
  }

  sealed interface Nameless {
    @WireName("one")
    record One() implements Nameless {}

    record Other() implements Nameless {}
  }

  @Test
  void a_name_leads_to_its_record_and_back() {
    assertThat(WireNames.COMMANDS.find("prompt")).contains(Command.Prompt.class);
    assertThat(WireNames.nameOf(Command.Prompt.class)).contains("prompt");
  }

  @Test
  void names_of_other_families_and_extensions_lead_nowhere() {
    assertThat(WireNames.COMMANDS.find("turn.started")).isEmpty();
    assertThat(WireNames.COMMANDS.find("x-mood")).isEmpty();
  }

  @Test
  void an_event_of_a_newer_version_has_no_name_of_its_own() {
    assertThat(WireNames.nameOf(EventBody.Unknown.class)).isEmpty();
    assertThat(WireNames.EVENTS.classes()).doesNotContainValue(EventBody.Unknown.class);
  }

  @Test
  void two_records_of_one_name_are_refused() {
    assertThatThrownBy(() -> WireNames.of(Twice.class))
        .hasMessageContaining("'same' is the name of")
        .hasMessageContaining("First");
  }

  @Test
  void a_record_without_a_name_is_refused() {
    assertThatThrownBy(() -> WireNames.of(Nameless.class))
        .hasMessageContaining("Other: no @WireName");
    assertThat(WireNames.of(Nameless.class, Nameless.Other.class).classes()).hasSize(1);
  }
}
