package dev.kantele.runtime.model.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Failure;
import dev.kantele.runtime.model.scripted.DemoQuestion.Place;
import dev.kantele.runtime.model.scripted.TurnView.Exchange;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Puts what the tools said into one sentence. */
final class DemoAnswer {
  private static final DateTimeFormatter TIME_AND_DATE =
      DateTimeFormatter.ofPattern("HH:mm 'on' EEEE, d MMMM uuuu", Locale.ENGLISH);

  static String of(DemoQuestion question, List<Exchange> exchanges) {
    var clauses = new ArrayList<String>();
    for (Exchange exchange : exchanges) {
      clauses.add(clause(question, exchange));
    }
    String sentence = joined(clauses);
    return sentence.substring(0, 1).toUpperCase(Locale.ROOT)
        + sentence.substring(1)
        + (sentence.endsWith(".") || sentence.endsWith("?") ? "" : ".");
  }

  private static String clause(DemoQuestion question, Exchange exchange) {
    return switch (exchange.call().name()) {
      case DemoModel.CALCULATOR -> calculated(exchange);
      case DemoModel.CLOCK -> told(question, exchange);
      default -> "the tool " + exchange.call().name() + " has answered, which I can't read";
    };
  }

  private static String calculated(Exchange exchange) {
    String expression = exchange.call().arguments().path("expression").asText("that");
    Optional<Failure> error = exchange.result().error();
    if (error.isPresent()) {
      return "I could not work out " + expression + ": " + plain(error.get());
    }
    JsonNode result = exchange.result().output().orElseThrow().path("result");
    return expression + " is " + (result.isNumber() ? plain(result) : result.asText("unclear"));
  }

  private static String told(DemoQuestion question, Exchange exchange) {
    Optional<String> name = nameOf(question, exchange.call().arguments().path("zone").asText(""));
    Optional<Failure> error = exchange.result().error();
    if (error.isPresent()) {
      return "I could not look up the time"
          + name.map(place -> " in " + place).orElse("")
          + ": "
          + plain(error.get());
    }
    String time = timeAndDate(exchange.result().output().orElseThrow().path("time").asText(""));
    return name.map(place -> "in " + place + " it is " + time).orElse("in UTC it is " + time);
  }

  /** What the prompt calls the place with this zone; the zone itself if it does not. */
  private static Optional<String> nameOf(DemoQuestion question, String zone) {
    return question.places().stream()
        .filter(place -> place.zone().orElse("").equals(zone))
        .map(Place::name)
        .findFirst()
        .orElse(Optional.of(zone));
  }

  private static String timeAndDate(String time) {
    try {
      return TIME_AND_DATE.format(OffsetDateTime.parse(time));
    } catch (DateTimeException _) {
      return time;
    }
  }

  private static String plain(JsonNode number) {
    return number.decimalValue().toPlainString();
  }

  private static String plain(Failure failure) {
    return failure.message().replaceFirst("\\.$", "");
  }

  private static String joined(List<String> clauses) {
    return switch (clauses.size()) {
      case 1 -> clauses.getFirst();
      default ->
          String.join(", ", clauses.subList(0, clauses.size() - 1)) + ", and " + clauses.getLast();
    };
  }

  private DemoAnswer() {}
}
