package dev.kantele.runtime.model.scripted;

import dev.kantele.runtime.zone.ZoneNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the demo model understands of a prompt.
 *
 * @param expressions arithmetic to work out
 * @param places where the time is asked for
 * @param topic what it is about if it is about neither
 */
record DemoQuestion(List<String> expressions, List<Place> places, Topic topic) {
  /**
   * A place whose time is asked for.
   *
   * @param name as people say it; empty: no place, and so UTC
   * @param zone what the clock is asked for; empty: nothing, and so UTC
   */
  record Place(Optional<String> name, Optional<String> zone) {}

  /** What a prompt is about that asks for nothing to be worked out. */
  enum Topic {
    GREETING,
    THANKS,
    HELP,
    OTHER
  }

  private static final int MAX_CHARACTERS = 4_000;
  private static final int MAX_PLACES = 8;
  private static final Pattern TIME =
      Pattern.compile(
          "(?i)\\b(?:what|what's|which|tell me|current|know|got)\\b[^.!?]*"
              + "\\b(?:time|date|day|weekday|hour|o'clock)\\b"
              + "|\\b(?:time|date|day)\\s+(?:is it |it is |now )?(?:in|at)\\b");
  private static final Pattern UNKNOWN_PLACE =
      Pattern.compile("\\bin\\s+(\\p{Lu}[\\p{L}'-]*(?:\\s\\p{Lu}[\\p{L}'-]*){0,2})");
  private static final Pattern GREETING =
      Pattern.compile("(?i)^\\W*(?:hello|hi|hey|moi|good (?:morning|day|afternoon|evening))\\b.*");
  private static final Pattern THANKS =
      Pattern.compile("(?i).*\\b(?:thanks|thank you|cheers)\\b.*");
  private static final Pattern HELP =
      Pattern.compile(
          "(?i).*(?:\\bhelp\\b|what (?:can|do) you do|who are you|what are you|how do you work).*");

  DemoQuestion {
    expressions = List.copyOf(expressions);
    places = List.copyOf(places);
  }

  /** Understands the beginning of {@code prompt}; the rest would only cost time. */
  static DemoQuestion of(String prompt) {
    String text = prompt.substring(0, Math.min(prompt.length(), MAX_CHARACTERS));
    List<Place> places = TIME.matcher(text).find() ? places(text) : List.of();
    return new DemoQuestion(Arithmetic.in(text), places, topic(text));
  }

  private static List<Place> places(String text) {
    var places = new ArrayList<Place>();
    for (ZoneNames.Place place : ZoneNames.mentionedIn(text)) {
      places.add(new Place(Optional.of(place.name()), Optional.of(place.zone().getId())));
    }
    if (places.isEmpty()) {
      // A place that nobody knows goes to the clock as it is, which says what is near it.
      Matcher unknown = UNKNOWN_PLACE.matcher(text);
      Optional<String> name = unknown.find() ? Optional.of(unknown.group(1)) : Optional.empty();
      places.add(new Place(name, name));
    }
    return places.subList(0, Math.min(places.size(), MAX_PLACES));
  }

  private static Topic topic(String text) {
    String line = text.replace('\n', ' ');
    if (HELP.matcher(line).matches()) {
      return Topic.HELP;
    }
    if (GREETING.matcher(line).matches()) {
      return Topic.GREETING;
    }
    return THANKS.matcher(line).matches() ? Topic.THANKS : Topic.OTHER;
  }
}
