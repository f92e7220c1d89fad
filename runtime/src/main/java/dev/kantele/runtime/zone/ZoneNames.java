package dev.kantele.runtime.zone;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds time zones by identifier, offset, city or country: {@code Asia/Tokyo}, {@code +02:00},
 * {@code UTC-5}, {@code Tokyo}, {@code Mumbai}, {@code Finland}. Upper and lower case are the same.
 * Cities are those of the tz database and those of a small table of our own.
 */
public final class ZoneNames {
  /** A place that a text mentions, as {@code name}, and the zone of it. */
  public record Place(String name, ZoneId zone) {}

  private static final Pattern TZ_CITY =
      Pattern.compile(
          "(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)"
              + "/([A-Za-z_-]{3,})");

  private static final String ALIASES =
      """
      Africa/Cairo: Egypt
      Africa/Johannesburg: Cape Town, Pretoria, South Africa
      Africa/Lagos: Abuja, Nigeria
      Africa/Nairobi: Kenya
      America/Chicago: Austin, Dallas, Houston, Minneapolis, New Orleans
      America/Los_Angeles: San Francisco, Seattle, San Diego, Las Vegas, Portland, Silicon Valley
      America/New_York: NYC, New York City, Boston, Washington, Miami, Atlanta, Philadelphia
      America/Sao_Paulo: Rio, Rio de Janeiro, Brasilia
      America/Toronto: Ottawa
      Asia/Dubai: Abu Dhabi
      Asia/Ho_Chi_Minh: Hanoi, Vietnam
      Asia/Jerusalem: Israel
      Asia/Karachi: Islamabad, Lahore, Pakistan
      Asia/Kolkata: Mumbai, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Hyderabad, Pune, India
      Asia/Manila: Philippines
      Asia/Seoul: Korea, South Korea, Busan
      Asia/Shanghai: Beijing, Shenzhen, Guangzhou, China
      Asia/Tokyo: Osaka, Kyoto, Japan
      Asia/Bangkok: Thailand
      Australia/Sydney: Canberra
      Europe/Amsterdam: Rotterdam, The Hague, Netherlands
      Europe/Athens: Greece
      Europe/Berlin: Munich, Hamburg, Frankfurt, Cologne, Germany
      Europe/Brussels: Belgium
      Europe/Copenhagen: Denmark
      Europe/Dublin: Ireland
      Europe/Helsinki: Finland, Espoo, Tampere, Turku
      Europe/Istanbul: Ankara, Turkey
      Europe/Kyiv: Ukraine
      Europe/London: UK, England, Scotland, Edinburgh, Manchester, Cambridge, Oxford
      Europe/Madrid: Barcelona, Seville, Spain
      Europe/Moscow: Saint Petersburg
      Europe/Oslo: Norway, Bergen
      Europe/Paris: Lyon, Marseille, Toulouse, France
      Europe/Rome: Milan, Naples, Florence, Venice, Turin, Italy
      Europe/Stockholm: Gothenburg, Sweden
      Europe/Vienna: Austria
      Europe/Warsaw: Krakow, Poland
      Europe/Zurich: Geneva, Bern, Basel, Lausanne, Switzerland
      Pacific/Auckland: Wellington, New Zealand
      Pacific/Honolulu: Hawaii
      """;

  private static final Map<String, ZoneId> IDS = ids();
  private static final Map<String, Place> PLACES = places();
  private static final Pattern ANY_PLACE =
      Pattern.compile(
          PLACES.keySet().stream()
              .sorted(comparingInt(String::length).reversed().thenComparing(name -> name))
              .map(Pattern::quote)
              .reduce((one, other) -> one + "|" + other)
              .map(names -> "(?<![\\p{L}/_])(?:" + names + ")(?![\\p{L}/_])")
              .orElseThrow(),
          Pattern.CASE_INSENSITIVE);

  /** The zone that {@code name} means. */
  public static Optional<ZoneId> find(String name) {
    String key = key(name);
    Place place = PLACES.get(key);
    if (place != null) {
      return Optional.of(place.zone());
    }
    ZoneId zone = IDS.get(key.replace(' ', '_'));
    return zone != null ? Optional.of(zone) : offset(key);
  }

  /** Up to three names that {@code name} may be a misspelling of, the nearest first. */
  public static List<String> near(String name) {
    String key = key(name);
    int furthest = Math.max(1, key.length() / 3);
    var near = new ArrayList<Map.Entry<Integer, String>>();
    PLACES.forEach(
        (known, place) -> {
          int distance = distance(key, known, furthest);
          if (distance <= furthest) {
            near.add(Map.entry(distance, place.name()));
          }
        });
    IDS.forEach(
        (known, zone) -> {
          int distance = distance(key.replace(' ', '_'), known, furthest);
          if (known.contains("/") && distance <= furthest) {
            near.add(Map.entry(distance, zone.getId()));
          }
        });
    return near.stream()
        .sorted(comparing(Map.Entry<Integer, String>::getKey).thenComparing(Map.Entry::getValue))
        .map(Map.Entry::getValue)
        .distinct()
        .limit(3)
        .toList();
  }

  /** The places that {@code text} mentions, each once, in the order of the text. */
  public static List<Place> mentionedIn(String text) {
    var places = new LinkedHashMap<String, Place>();
    Matcher matcher = ANY_PLACE.matcher(text);
    while (matcher.find()) {
      String key = key(matcher.group());
      Place place = PLACES.get(key);
      if (place != null) {
        places.putIfAbsent(key, place);
      }
    }
    return List.copyOf(places.values());
  }

  private static Map<String, ZoneId> ids() {
    var ids = new TreeMap<String, ZoneId>();
    for (String id : ZoneId.getAvailableZoneIds()) {
      ids.put(id.toLowerCase(Locale.ROOT), ZoneId.of(id));
    }
    return Map.copyOf(ids);
  }

  private static Map<String, Place> places() {
    var places = new TreeMap<String, Place>();
    for (String id : ZoneId.getAvailableZoneIds()) {
      Matcher matcher = TZ_CITY.matcher(id);
      if (matcher.matches()) {
        add(places, matcher.group(1).replace('_', ' '), ZoneId.of(id));
      }
    }
    for (String line : ALIASES.lines().toList()) {
      int colon = line.indexOf(':');
      ZoneId zone = ZoneId.of(line.substring(0, colon));
      for (String name : line.substring(colon + 1).split(",", -1)) {
        add(places, name.strip(), zone);
      }
    }
    return Map.copyOf(places);
  }

  private static void add(Map<String, Place> places, String name, ZoneId zone) {
    places.put(key(name), new Place(name, zone));
  }

  private static String key(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }

  private static Optional<ZoneId> offset(String key) {
    String digits = key.replaceFirst("^(utc|gmt)\\s*(?=[+-])", "").toUpperCase(Locale.ROOT);
    try {
      return digits.matches("Z|[+-].*") ? Optional.of(ZoneOffset.of(digits)) : Optional.empty();
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /** Levenshtein's distance, or more than {@code furthest} where it is further than that. */
  private static int distance(String one, String other, int furthest) {
    if (Math.abs(one.length() - other.length()) > furthest) {
      return furthest + 1;
    }
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substituted = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }

  private ZoneNames() {}
}
