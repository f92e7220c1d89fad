package dev.kantele.runtime.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.AckBody.AgentSummary;
import dev.kantele.protocol.AckBody.ModelSummary;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.security.Authenticator;
import dev.kantele.runtime.security.Quotas;
import dev.kantele.runtime.websocket.FakeSessions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PagesTest {
  private static final CommandId ID = new CommandId("l");

  private final FakeSessions sessions = new FakeSessions();
  private final Pages pages =
      new Pages(
          new NodeServices(
              sessions,
              Authenticator.loopback(),
              () ->
                  List.of(
                      new AgentSummary("b", "m", List.of()),
                      new AgentSummary("c", "m", List.of()),
                      new AgentSummary("a", "m", List.of("t"))),
              () -> List.of(new ModelSummary("x/1"), new ModelSummary("x/2")),
              new Quotas(new Quotas.Limits(1_000, 1_000, 10_000, 10_000)),
              10));

  private Reply reply(Command.Listing listing) {
    return pages.reply("local", listing).toCompletableFuture().join();
  }

  private AckBody body(Command.Listing listing) {
    return ((Reply.Ack) reply(listing)).body();
  }

  @Test
  void agents_come_by_name_page_by_page() {
    var names = new ArrayList<String>();
    Optional<String> page = Optional.empty();
    int count = 0;
    do {
      var agents = (AckBody.Agents) body(new Command.AgentsList(ID, OptionalInt.of(2), page));
      agents.agents().forEach(agent -> names.add(agent.name()));
      page = agents.nextPage();
      count++;
    } while (page.isPresent());

    assertThat(names).containsExactly("a", "b", "c");
    assertThat(count).isEqualTo(2);
  }

  @Test
  void models_that_fit_one_page_have_no_next() {
    assertThat(body(new Command.ModelsList(ID, OptionalInt.empty(), Optional.empty())))
        .isEqualTo(
            new AckBody.Models(
                List.of(new ModelSummary("x/1"), new ModelSummary("x/2")), Optional.empty()));
  }

  @Test
  void sessions_come_by_id_page_by_page() {
    List.of("s3", "s1", "s2").forEach(id -> sessions.append(new SessionId(id), 1));
    var first =
        (AckBody.Sessions) body(new Command.SessionList(ID, OptionalInt.of(2), Optional.empty()));
    var second =
        (AckBody.Sessions) body(new Command.SessionList(ID, OptionalInt.of(2), first.nextPage()));

    assertThat(first.sessions()).extracting(s -> s.session().value()).containsExactly("s1", "s2");
    assertThat(second.sessions()).extracting(s -> s.session().value()).containsExactly("s3");
    assertThat(second.nextPage()).isEmpty();
  }

  @Test
  void no_sessions_are_an_empty_page() {
    assertThat(body(new Command.SessionList(ID, OptionalInt.empty(), Optional.empty())))
        .isEqualTo(new AckBody.Sessions(List.of(), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%%%", "w6Q", ""})
  void a_page_that_is_none_is_refused(String page) {
    assertThat(reply(new Command.SessionList(ID, OptionalInt.empty(), Optional.of(page))))
        .isEqualTo(
            Reply.Nack.of(
                ID,
                ErrorCode.INVALID_ARGUMENT,
                "Field page is no page (expected: next_page of an earlier reply)."));
  }
}
