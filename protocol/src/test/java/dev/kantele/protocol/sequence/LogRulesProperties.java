package dev.kantele.protocol.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A log that keeps the rules passes, and one event too few, too many or out of place is found. */
class LogRulesProperties {
  @Property(tries = 300)
  void a_log_that_keeps_the_rules_passes(@ForAll Random random) {
    LogRules rules = LogRules.fromStart();

    assertThat(check(rules, new RandomLog(random).events())).isEmpty();
    assertThat(rules.open()).isEmpty();
  }

  @Property(tries = 300)
  void a_slow_subscriber_s_log_passes(@ForAll Random random) {
    LogRules rules = LogRules.fromStart();

    assertThat(check(rules, new RandomLog(random).slowly())).isEmpty();
    assertThat(rules.open()).isEmpty();
  }

  @Property(tries = 300)
  void a_late_subscriber_s_log_passes(@ForAll Random random) {
    List<Event> events = new RandomLog(random).events();
    int after = random.nextInt(events.size());

    assertThat(check(LogRules.after(after), events.subList(after, events.size()))).isEmpty();
  }

  @Property(tries = 300)
  void a_lost_event_is_found(@ForAll Random random) {
    List<Event> events = new ArrayList<>(new RandomLog(random).events());
    events.remove(random.nextInt(events.size() - 1));

    assertThat(check(LogRules.fromStart(), events)).isNotEmpty();
  }

  @Property(tries = 300)
  void an_event_that_comes_again_is_found(@ForAll Random random) {
    List<Event> events = new ArrayList<>(new RandomLog(random).events());
    int again = random.nextInt(events.size());
    events.add(random.nextInt(again + 1, events.size() + 1), events.get(again));

    assertThat(check(LogRules.fromStart(), events)).isNotEmpty();
  }

  @Property(tries = 300)
  void an_end_that_is_told_twice_under_two_numbers_is_found(@ForAll Random random) {
    List<Event> events = new RandomLog(random).events();
    int end = random.nextInt(events.size());
    while (!(events.get(end).body() instanceof EventBody.Terminal)) {
      end = (end + 1) % events.size();
    }
    List<Event> told = new ArrayList<>(events.subList(0, end + 1));
    told.add(renumbered(events.get(end), end + 2L));

    assertThat(check(LogRules.fromStart(), told)).isNotEmpty();
  }

  private static Event renumbered(Event event, long seq) {
    return new Event(event.session(), Covers.of(seq), event.at(), event.body());
  }

  private static List<String> check(LogRules rules, List<Event> events) {
    events.forEach(rules::accept);
    return rules.violations();
  }
}
