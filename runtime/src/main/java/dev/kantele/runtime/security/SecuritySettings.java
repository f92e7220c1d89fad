package dev.kantele.runtime.security;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueType;
import dev.kantele.runtime.security.StaticTokens.Entry;
import dev.kantele.runtime.settings.SettingsException;
import dev.kantele.runtime.settings.SettingsReader;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The settings {@code kantele.security}: who is known to a node.
 *
 * @param tokens the tokens that are known by their hashes, those of the file included
 * @param jwt the issuer whose signed tokens are known
 * @param limits how much of a node one principal may use
 */
public record SecuritySettings(
    List<Entry> tokens, Optional<JwtSettings> jwt, Quotas.Limits limits) {
  private static final String PATH = "kantele.security";
  private static final String TOKENS = "tokens";
  private static final String FILE = "tokens-file";

  private static final int MAX_COUNT = 1_000_000;

  public SecuritySettings {
    tokens = List.copyOf(tokens);
    requireNonNull(jwt, "jwt");
    requireNonNull(limits, "limits");
  }

  /**
   * Reads {@code kantele.security}.
   *
   * @param kanteleConfig the block {@code kantele} of the whole, resolved configuration
   * @throws SettingsException if a setting is unknown or out of bounds, or the file of tokens can't
   *     be read
   */
  public static SecuritySettings from(Config kanteleConfig) {
    SettingsReader reader = SettingsReader.of(kanteleConfig, "kantele").block("security");
    reader.requireKnown(TOKENS, FILE, "jwt", "limits");
    var entries = new ArrayList<Entry>();
    List<String> written = tokens(kanteleConfig, reader);
    for (int i = 0; i < written.size(); i++) {
      entries.add(TokenFile.parse(PATH + "." + TOKENS, i, written.get(i)));
    }
    reader
        .optionalPath(FILE)
        .ifPresent(file -> entries.addAll(TokenFile.read(PATH + "." + FILE, file)));
    return new SecuritySettings(
        entries, JwtSettings.from(reader.block("jwt")), limits(kanteleConfig));
  }

  /**
   * Reads {@code kantele.security.limits} alone.
   *
   * @param kanteleConfig as {@link #from} takes it
   * @throws SettingsException if a limit is unknown or out of bounds
   */
  public static Quotas.Limits limits(Config kanteleConfig) {
    SettingsReader reader =
        SettingsReader.of(kanteleConfig, "kantele").block("security").block("limits");
    reader.requireKnown("sessions", "connections", "commands-per-second", "command-burst");
    return new Quotas.Limits(
        (int) reader.number("sessions", 1, MAX_COUNT),
        (int) reader.number("connections", 1, MAX_COUNT),
        (int) reader.number("commands-per-second", 1, MAX_COUNT),
        (int) reader.number("command-burst", 1, MAX_COUNT));
  }

  /* An environment variable holds them in one text, with commas between. */
  private static List<String> tokens(Config kanteleConfig, SettingsReader reader) {
    String key = "security." + TOKENS;
    boolean text =
        kanteleConfig.hasPath(key)
            && kanteleConfig.getValue(key).valueType() == ConfigValueType.STRING;
    return text
        ? Arrays.stream(kanteleConfig.getString(key).split(",", -1))
            .filter(element -> !element.isBlank())
            .toList()
        : reader.strings(TOKENS);
  }

  /** What principals use of a node that begins. */
  public Quotas quotas() {
    return new Quotas(limits);
  }

  /** Whether clients are asked who they are. */
  public boolean authenticates() {
    return !tokens.isEmpty() || jwt.isPresent();
  }

  /**
   * Who finds out who a client is; empty if nobody is to.
   *
   * @param clock by which signed tokens expire
   * @throws SettingsException if two principals have the same token, or the library for signed
   *     tokens is missing
   */
  public Optional<Authenticator> authenticator(Clock clock) {
    if (!authenticates()) {
      return Optional.empty();
    }
    StaticTokens known;
    try {
      known = StaticTokens.of(tokens);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(PATH + "." + TOKENS + ": " + e.getMessage(), e);
    }
    return Optional.of(jwt.map(issuer -> known.or(signed(issuer, clock))).orElse(known));
  }

  private static Authenticator signed(JwtSettings issuer, Clock clock) {
    try {
      return new JwtAuthenticator(issuer, clock);
    } catch (NoClassDefFoundError e) {
      throw new SettingsException(
          PATH
              + ".jwt: the library that checks signatures is missing (expected:"
              + " com.nimbusds:nimbus-jose-jwt on the class path)",
          e);
    }
  }
}
