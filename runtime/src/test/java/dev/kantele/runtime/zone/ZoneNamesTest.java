package dev.kantele.runtime.zone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZoneNamesTest {
  @ParameterizedTest
  @CsvSource({
    "Asia/Tokyo, Asia/Tokyo",
    "asia/tokyo, Asia/Tokyo",
    "Tokyo, Asia/Tokyo",
    "  tokyo , Asia/Tokyo",
    "New York, America/New_York",
    "nyc, America/New_York",
    "America/New York, America/New_York",
    "Mumbai, Asia/Kolkata",
    "Finland, Europe/Helsinki",
    "Buenos Aires, America/Buenos_Aires",
    "UTC, UTC",
    "gmt, GMT",
    "Z, Z",
    "+02:00, +02:00",
    "-5, -05:00",
    "UTC+2, +02:00",
    "GMT -03:30, -03:30",
    "Japan, Asia/Tokyo",
  })
  void a_zone_has_many_names(String name, String zone) {
    assertThat(ZoneNames.find(name)).contains(ZoneId.of(zone));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Atlantis", "+25:00", "+", "UTC+", "Asia", "Asia/"})
  void what_is_no_zone_is_not_found(String name) {
    assertThat(ZoneNames.find(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"Tokio, Tokyo", "Asia/Tokio, Asia/Tokyo", "Helsinky, Helsinki", "new yorc, New York"})
  void the_nearest_name_comes_first(String name, String near) {
    assertThat(ZoneNames.near(name)).first().isEqualTo(near);
  }

  @Test
  void at_most_three_names_are_near_and_none_to_nonsense() {
    assertThat(ZoneNames.near("Pari")).hasSizeBetween(1, 3).contains("Paris");
    assertThat(ZoneNames.near("qqqqqqqqqqqq")).isEmpty();
  }

  @Test
  void places_are_found_in_a_text_once_and_in_order() {
    assertThat(
            ZoneNames.mentionedIn(
                "Is it later in new york city, Tokyo or Helsinki? And is Tokyo ahead?"))
        .extracting(ZoneNames.Place::name)
        .containsExactly("New York City", "Tokyo", "Helsinki");
  }

  @Test
  void a_part_of_a_word_or_of_an_identifier_is_no_place() {
    assertThat(ZoneNames.mentionedIn("The Romean, Asia/Tokyo, and parisian")).isEmpty();
    assertThat(ZoneNames.mentionedIn("")).isEqualTo(List.of());
  }
}
