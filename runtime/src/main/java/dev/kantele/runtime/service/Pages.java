package dev.kantele.runtime.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.AckBody.AgentSummary;
import dev.kantele.protocol.AckBody.ModelSummary;
import dev.kantele.protocol.AckBody.SessionSummary;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Answers the commands that list something. A page's token is the name of the last entry before it,
 * so that a page is right even if entries came or went meanwhile. Safe for use by many threads.
 */
public final class Pages {
  private static final int DEFAULT_LIMIT = 100;

  private final NodeServices node;

  /** Lists what {@code node} has. */
  public Pages(NodeServices node) {
    this.node = node;
  }

  /** The reply to {@code listing} of {@code principal}, who sees its own sessions only. */
  public CompletionStage<Reply> reply(String principal, Command.Listing listing) {
    Optional<String> after;
    try {
      after = listing.page().map(Pages::nameOf);
    } catch (IllegalArgumentException _) {
      return refused(listing);
    }
    return switch (listing) {
      case Command.SessionList list -> sessions(principal, list, after);
      case Command.AgentsList list ->
          CompletableFuture.completedStage(
              page(list, after, node.agents().get(), AgentSummary::name, AckBody.Agents::new));
      case Command.ModelsList list ->
          CompletableFuture.completedStage(
              page(list, after, node.models().get(), ModelSummary::model, AckBody.Models::new));
    };
  }

  private CompletionStage<Reply> sessions(
      String principal, Command.SessionList list, Optional<String> after) {
    Optional<SessionId> last;
    try {
      last = after.map(SessionId::new);
    } catch (IllegalArgumentException _) {
      return refused(list);
    }
    int limit = list.limit().orElse(DEFAULT_LIMIT);
    return node.sessions()
        .list(principal, last, limit)
        .thenApply(
            ids ->
                Reply.Ack.of(
                    list.id(),
                    new AckBody.Sessions(
                        ids.stream().map(SessionSummary::new).toList(),
                        ids.size() < limit
                            ? Optional.empty()
                            : Optional.of(tokenOf(ids.getLast().value())))));
  }

  private static <T> Reply page(
      Command.Listing listing,
      Optional<String> after,
      List<T> all,
      Function<T, String> name,
      BiFunction<List<T>, Optional<String>, AckBody> body) {
    int limit = listing.limit().orElse(DEFAULT_LIMIT);
    List<T> rest =
        all.stream()
            .filter(entry -> after.isEmpty() || name.apply(entry).compareTo(after.get()) > 0)
            .sorted((a, b) -> name.apply(a).compareTo(name.apply(b)))
            .toList();
    List<T> entries = rest.subList(0, Math.min(limit, rest.size()));
    Optional<String> next =
        entries.size() < rest.size()
            ? Optional.of(tokenOf(name.apply(entries.getLast())))
            : Optional.empty();
    return Reply.Ack.of(listing.id(), body.apply(entries, next));
  }

  private static CompletionStage<Reply> refused(Command.Listing listing) {
    return CompletableFuture.completedStage(
        Reply.Nack.of(
            listing.id(),
            ErrorCode.INVALID_ARGUMENT,
            "Field page is no page (expected: next_page of an earlier reply)."));
  }

  private static String tokenOf(String name) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(UTF_8));
  }

  private static String nameOf(String token) {
    return new String(Base64.getUrlDecoder().decode(token), UTF_8);
  }
}
