package dev.kantele.runtime.websocket.handshake;

import dev.kantele.runtime.websocket.deflate.DeflateParameters;
import dev.kantele.runtime.websocket.deflate.DeflateSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** How two sides agree on permessage-deflate (RFC 7692, section 7.1). */
final class DeflateNegotiation {
  static final String NAME = "permessage-deflate";

  private static final String SERVER_NO_CONTEXT = "server_no_context_takeover";
  private static final String CLIENT_NO_CONTEXT = "client_no_context_takeover";
  private static final String SERVER_WINDOW = "server_max_window_bits";
  private static final String CLIENT_WINDOW = "client_max_window_bits";

  /** What a server answers, and what it means. */
  record Answer(DeflateParameters parameters, String field) {}

  /** What a client says of a server's answer. */
  sealed interface Outcome {
    record Agreed(DeflateParameters parameters) implements Outcome {}

    record Wrong(String reason) implements Outcome {}
  }

  /** An element that is well-formed, whether it is an offer or a response. */
  private record Terms(
      boolean serverNoContext,
      boolean clientNoContext,
      OptionalInt serverWindow,
      boolean clientWindowNamed,
      OptionalInt clientWindow) {}

  /** A server's answer to the first offer that it can accept; the others are declined. */
  static Optional<Answer> answer(List<Extension> offers, DeflateSettings settings) {
    return offers.stream()
        .filter(offer -> offer.name().equals(NAME))
        .flatMap(offer -> terms(offer).stream())
        .map(terms -> answer(terms, settings))
        .findFirst();
  }

  private static Answer answer(Terms offer, DeflateSettings settings) {
    // A client that does not name its window would not understand to be told one.
    int clientWindow =
        offer.clientWindowNamed
            ? Math.min(
                offer.clientWindow.orElse(DeflateParameters.MAX_WINDOW_BITS),
                settings.clientWindowBits())
            : DeflateParameters.MAX_WINDOW_BITS;
    int serverWindow =
        Math.min(
            offer.serverWindow.orElse(DeflateParameters.MAX_WINDOW_BITS),
            settings.serverWindowBits());
    var parameters =
        new DeflateParameters(
            settings.serverContext() && !offer.serverNoContext,
            settings.clientContext() && !offer.clientNoContext,
            serverWindow,
            clientWindow);
    var field = new StringBuilder(NAME);
    if (!parameters.serverContext()) {
      field.append("; ").append(SERVER_NO_CONTEXT);
    }
    if (!parameters.clientContext()) {
      field.append("; ").append(CLIENT_NO_CONTEXT);
    }
    if (offer.serverWindow.isPresent() || serverWindow < DeflateParameters.MAX_WINDOW_BITS) {
      field.append("; ").append(SERVER_WINDOW).append('=').append(serverWindow);
    }
    if (clientWindow < DeflateParameters.MAX_WINDOW_BITS) {
      field.append("; ").append(CLIENT_WINDOW).append('=').append(clientWindow);
    }
    return new Answer(parameters, field.toString());
  }

  /** A client's offer. */
  static String offer(DeflateSettings settings) {
    var field = new StringBuilder(NAME);
    if (!settings.serverContext()) {
      field.append("; ").append(SERVER_NO_CONTEXT);
    }
    if (!settings.clientContext()) {
      field.append("; ").append(CLIENT_NO_CONTEXT);
    }
    if (settings.serverWindowBits() < DeflateParameters.MAX_WINDOW_BITS) {
      field.append("; ").append(SERVER_WINDOW).append('=').append(settings.serverWindowBits());
    }
    field.append("; ").append(CLIENT_WINDOW);
    if (settings.clientWindowBits() < DeflateParameters.MAX_WINDOW_BITS) {
      field.append('=').append(settings.clientWindowBits());
    }
    return field.toString();
  }

  /** What the answer to {@link #offer} amounts to. */
  static Outcome agreed(Extension response, DeflateSettings offered) {
    Optional<Terms> wellFormed = terms(response);
    if (wellFormed.isEmpty()) {
      return new Outcome.Wrong("The response's parameters of " + NAME + " are not valid.");
    }
    Terms terms = wellFormed.get();
    if (terms.clientWindowNamed && terms.clientWindow.isEmpty()) {
      return new Outcome.Wrong("The response gives no value for " + CLIENT_WINDOW + ".");
    }
    if (!offered.serverContext() && !terms.serverNoContext) {
      return new Outcome.Wrong("The response does not grant " + SERVER_NO_CONTEXT + ".");
    }
    int serverWindow = terms.serverWindow.orElse(DeflateParameters.MAX_WINDOW_BITS);
    if (serverWindow > offered.serverWindowBits()) {
      return new Outcome.Wrong(
          "The response says %s: %d (expected: at most %d)."
              .formatted(SERVER_WINDOW, serverWindow, offered.serverWindowBits()));
    }
    int clientWindow = terms.clientWindow.orElse(offered.clientWindowBits());
    if (clientWindow > offered.clientWindowBits()) {
      return new Outcome.Wrong(
          "The response says %s: %d (expected: at most %d)."
              .formatted(CLIENT_WINDOW, clientWindow, offered.clientWindowBits()));
    }
    return new Outcome.Agreed(
        new DeflateParameters(
            !terms.serverNoContext,
            offered.clientContext() && !terms.clientNoContext,
            serverWindow,
            clientWindow));
  }

  /** The parameters, if each is known, comes once and has a value that it may have. */
  private static Optional<Terms> terms(Extension extension) {
    Set<String> names = new HashSet<>();
    OptionalInt serverWindow = OptionalInt.empty();
    OptionalInt clientWindow = OptionalInt.empty();
    for (Extension.Parameter parameter : extension.parameters()) {
      if (!names.add(parameter.name())) {
        return Optional.empty();
      }
      OptionalInt bits =
          parameter.value().map(DeflateNegotiation::bits).orElse(OptionalInt.empty());
      boolean valid =
          switch (parameter.name()) {
            case SERVER_NO_CONTEXT, CLIENT_NO_CONTEXT -> parameter.value().isEmpty();
            case SERVER_WINDOW -> bits.isPresent();
            case CLIENT_WINDOW -> parameter.value().isEmpty() || bits.isPresent();
            default -> false;
          };
      if (!valid) {
        return Optional.empty();
      }
      if (parameter.name().equals(SERVER_WINDOW)) {
        serverWindow = bits;
      } else if (parameter.name().equals(CLIENT_WINDOW)) {
        clientWindow = bits;
      }
    }
    return Optional.of(
        new Terms(
            names.contains(SERVER_NO_CONTEXT),
            names.contains(CLIENT_NO_CONTEXT),
            serverWindow,
            names.contains(CLIENT_WINDOW),
            clientWindow));
  }

  /** A decimal of 8..15 without leading zeros. */
  private static OptionalInt bits(String value) {
    return value.matches("[89]|1[0-5]")
        ? OptionalInt.of(Integer.parseInt(value))
        : OptionalInt.empty();
  }

  private DeflateNegotiation() {}
}
