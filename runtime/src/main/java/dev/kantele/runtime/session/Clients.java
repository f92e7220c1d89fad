package dev.kantele.runtime.session;

import dev.kantele.protocol.sequence.CommandNumbers;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.Remembered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The command numbers and remembered replies of a session's last {@value #CAPACITY} clients.
 * Immutable.
 */
public final class Clients {
  /** Nobody yet. */
  public static final Clients NONE = new Clients(new LinkedHashMap<>());

  private static final int CAPACITY = 64;

  /* From the client whose command was acknowledged longest ago to the latest. */
  private final Map<ClientKey, CommandNumbers> numbers;

  private Clients(Map<ClientKey, CommandNumbers> numbers) {
    this.numbers = numbers;
  }

  /** One client's numbers, to be stored. */
  public record Entry(ClientKey client, CommandNumbers numbers) {}

  /** Restores what {@link #entries()} gave. */
  public static Clients of(List<Entry> entries) {
    var numbers = new LinkedHashMap<ClientKey, CommandNumbers>();
    entries.forEach(entry -> numbers.put(entry.client(), entry.numbers()));
    return new Clients(numbers);
  }

  /** The numbers of {@code client}; those of a new one if it is not remembered. */
  public CommandNumbers of(ClientKey client) {
    CommandNumbers known = numbers.get(client);
    return known == null ? CommandNumbers.START : known;
  }

  /** Returns the clients with one more reply remembered. */
  Clients with(Remembered remembered) {
    var next = new LinkedHashMap<>(numbers);
    CommandNumbers known = next.remove(remembered.client());
    next.put(remembered.client(), acked(known == null ? CommandNumbers.START : known, remembered));
    if (next.size() > CAPACITY) {
      next.remove(next.keySet().iterator().next());
    }
    return new Clients(next);
  }

  private static CommandNumbers acked(CommandNumbers known, Remembered remembered) {
    return remembered.numbered()
        ? known.acked(remembered.reply())
        : known.remember(remembered.reply());
  }

  /** All clients, the latest last. */
  public List<Entry> entries() {
    var entries = new ArrayList<Entry>(numbers.size());
    numbers.forEach((client, known) -> entries.add(new Entry(client, known)));
    return List.copyOf(entries);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Clients clients && clients.entries().equals(entries());
  }

  @Override
  public int hashCode() {
    return numbers.hashCode();
  }
}
