package dev.kantele.runtime.wire;

import static dev.kantele.runtime.wire.TokenIssuer.claims;
import static dev.kantele.runtime.wire.TokenIssuer.signed;
import static dev.kantele.runtime.wire.TokenIssuer.unsigned;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.RSAKey;
import dev.kantele.protocol.Secret;
import dev.kantele.runtime.KanteleParts;
import dev.kantele.runtime.security.TokenHash;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each rule of who may do what, broken between a whole node and real sockets. */
@Timeout(120)
final class SecurityScenario {
  private static final String AGENT =
      """
      kantele { default-agent = player, agents.player.model = "scripted/demo" }
      """;

  private final Instant later = Instant.now().plus(1, ChronoUnit.HOURS);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void close() {
    http.close();
  }

  private HttpRequest.Builder request(WireNode node, String path, String token) {
    return HttpRequest.newBuilder(node.uri(path)).header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> get(WireNode node, String path, String token) throws Exception {
    return http.send(request(node, path, token).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(WireNode node, String session, String token, String command)
      throws Exception {
    return http.send(
        request(node, "/v1/sessions/" + session + "/commands", token)
            .POST(BodyPublishers.ofString(command.replace('\'', '"')))
            .build(),
        BodyHandlers.ofString());
  }

  private static String code(HttpResponse<String> response) {
    return WireClient.json(response.body()).at("/error/code").asText();
  }

  private static String hello(String client, String token) {
    return "{'type':'hello','versions':[1],'client':'" + client + "','token':'" + token + "'}";
  }

  private void assertRefused(WireNode node, String what, String token) throws Exception {
    HttpResponse<String> response = get(node, "/v1/sessions", token);
    assertThat(response.statusCode()).as(what).isEqualTo(401);
    assertThat(response.body()).as(what).doesNotContain(token);
    try (WireClient client = node.connect()) {
      JsonNode nack = client.call(hello("c", token));
      assertThat(nack.at("/error/code").asText()).as(what).isEqualTo("unauthenticated");
      assertThat(nack.toString()).as(what).doesNotContain(token);
      assertThat(client.closed.get(20, TimeUnit.SECONDS)).as(what).isEqualTo(4401);
    }
  }

  private void assertKnown(WireNode node, String token) throws Exception {
    assertThat(get(node, "/v1/sessions", token).statusCode()).isEqualTo(200);
    try (WireClient client = node.connect()) {
      assertThat(client.call(hello("c", token)).path("type").asText()).isEqualTo("welcome");
    }
  }

  @Test
  void tokens_are_known_by_their_hashes_from_settings_and_file(@TempDir Path folder)
      throws Exception {
    String ann = "the token of ann";
    String bob = "the token of bob";
    Path file =
        Files.writeString(
            folder.resolve("tokens"),
            "# people\nbob:" + TokenHash.of(new Secret(bob)).hex() + "\n");
    String anns = "ann:" + TokenHash.of(new Secret(ann)).hex();
    try (WireNode node =
        WireNode.secured(
            AGENT
                + "kantele.security { tokens = [\"%s\"], tokens-file = \"%s\" }"
                    .formatted(anns, file))) {
      assertKnown(node, ann);
      assertKnown(node, bob);
      assertRefused(node, "one that is near", ann + "x");
      assertRefused(node, "the hash itself", anns.substring(4));
      assertRefused(node, "the line itself", anns);
      assertRefused(node, "the principal", "ann");
      HttpRequest none = HttpRequest.newBuilder(node.uri("/v1/sessions?token=x")).build();
      assertThat(http.send(none, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void a_signed_token_must_be_the_issuers_and_say_what_it_should() throws Exception {
    try (var issuer = new TokenIssuer();
        WireNode node = WireNode.secured(AGENT + issuer.settings())) {
      RSAKey stranger = TokenIssuer.newKey("k1");
      var good = claims("ann", later);
      Map<String, String> wrong = new LinkedHashMap<>();
      wrong.put("unsigned", unsigned(good.build()));
      wrong.put("signed by the public key", issuer.signedByThePublicKey(good.build()));
      wrong.put("signed by a stranger", signed(good.build(), stranger));
      wrong.put("by an unknown key", signed(good.build(), TokenIssuer.newKey("k9")));
      wrong.put("expired", issuer.signed("ann", Instant.now().minusSeconds(1)));
      wrong.put(
          "not yet good",
          signed(claims("ann", later).notBeforeTime(Date.from(later)).build(), issuer.key));
      wrong.put(
          "of another issuer",
          signed(claims("ann", later).issuer("https://evil.example/").build(), issuer.key));
      wrong.put(
          "for somebody else", signed(claims("ann", later).audience("x").build(), issuer.key));
      wrong.put("for nobody", signed(claims("a b", later).build(), issuer.key));
      String whole = issuer.signed("ann", later);
      wrong.put("without its signature", whole.substring(0, whole.lastIndexOf('.') + 1));
      String[] parts = issuer.signed("bob", later).split("\\.", -1);
      wrong.put(
          "with another's claims",
          parts[0] + "." + parts[1] + whole.substring(whole.lastIndexOf('.')));

      assertKnown(node, whole);
      for (Map.Entry<String, String> token : wrong.entrySet()) {
        assertRefused(node, token.getKey(), token.getValue());
      }
      assertKnown(node, whole);
    }
  }

  @Test
  void a_new_key_of_the_issuer_is_found() throws Exception {
    try (var issuer = new TokenIssuer();
        WireNode node = WireNode.secured(AGENT + issuer.settings())) {
      assertKnown(node, issuer.signed("ann", later));

      RSAKey next = issuer.rotate("k2");

      assertKnown(node, signed(claims("ann", later).build(), next));
    }
  }

  @Test
  void what_is_open_ends_with_its_token_unless_another_comes() throws Exception {
    try (var issuer = new TokenIssuer();
        WireNode node = WireNode.secured(AGENT + issuer.settings());
        WireClient stays = node.connect();
        WireClient ends = node.connect()) {
      String anns = issuer.signed("ann", later);
      post(node, "s", anns, "{'type':'session.open'}");
      Instant soon = Instant.now().plusSeconds(3);
      String shorts = issuer.signed("ann", soon);
      assertThat(stays.call(hello("stays", shorts)).path("type").asText()).isEqualTo("welcome");
      assertThat(ends.call(hello("ends", shorts)).path("type").asText()).isEqualTo("welcome");
      assertThat(refresh(ends, issuer.signed("bob", later)).at("/error/code").asText())
          .isEqualTo("forbidden");
      assertThat(refresh(stays, anns).path("type").asText()).isEqualTo("ack");

      try (EventStream events =
          EventStream.open(http, request(node, "/v1/sessions/s/events", shorts))) {
        assertThat(events.next()).isPresent();
        assertThat(events.next()).isEmpty();
      }
      assertThat(ends.closed.get(20, TimeUnit.SECONDS)).isEqualTo(4401);
      assertThat(Instant.now()).isAfterOrEqualTo(soon.truncatedTo(ChronoUnit.SECONDS));
      assertThat(stays.call("{'type':'ping'}").path("type").asText()).isEqualTo("pong");
      assertRefused(node, "expired", shorts);
    }
  }

  private static JsonNode refresh(WireClient client, String token) throws Exception {
    return client.call("{'type':'auth.refresh','token':'" + token + "'}");
  }

  @Test
  void a_session_is_its_owners_alone_in_every_command_and_route() throws Exception {
    List<String> commands =
        List.of(
            "{'type':'session.open','session':'s'}",
            "{'type':'session.attach','session':'s','after':0}",
            "{'type':'prompt','session':'s','content':[{'type':'text','text':'hi'}]}",
            "{'type':'cancel','session':'s'}",
            "{'type':'tool.decide','session':'s','invocation':'i','decision':'approve'}",
            "{'type':'tool.register','session':'s','tools':[]}",
            "{'type':'tool.progress','session':'s','invocation':'i','chunk':'x'}",
            "{'type':'tool.result','session':'s','invocation':'i','output':1}",
            "{'type':'input.answer','session':'s','request':'r','content':1}",
            "{'type':'session.status','session':'s'}",
            "{'type':'session.close','session':'s'}",
            "{'type':'session.delete','session':'s'}");
    try (WireNode node = new WireNode(AGENT, KanteleParts.none());
        WireClient ann = node.connect().hello("c", "ann");
        WireClient bob = node.connect().hello("c", "bob")) {
      ann.call("{'type':'session.open','session':'s'}");

      for (String command : commands) {
        assertThat(bob.call(command).at("/error/code").asText()).as(command).isEqualTo("forbidden");
        if (!command.contains("session.attach")) {
          HttpResponse<String> response = post(node, "s", "bob", command);
          assertThat(response.statusCode()).as(command).isEqualTo(403);
          assertThat(response.body()).as(command).doesNotContain("ann");
        }
      }
      for (String path : List.of("/v1/sessions/s", "/v1/sessions/s/events")) {
        HttpResponse<String> response = get(node, path, "bob");
        assertThat(response.statusCode()).as(path).isEqualTo(403);
        assertThat(response.body()).as(path).doesNotContain("ann", "log");
      }
      assertThat(bob.call("{'type':'session.list'}").path("sessions")).isEmpty();
      assertThat(get(node, "/v1/sessions", "bob").body()).contains("\"sessions\":[]");
      assertThat(ann.call("{'type':'session.status','session':'s'}").path("last_seq").asLong())
          .isEqualTo(1);
    }
  }

  @Test
  void a_principal_has_its_share_over_all_its_connections_and_not_more() throws Exception {
    try (WireNode node =
            new WireNode(
                AGENT + "kantele.security.limits { sessions = 2, connections = 2 }",
                KanteleParts.none());
        WireClient first = node.connect().hello("one", "ann");
        WireClient second = node.connect().hello("two", "ann");
        WireClient third = node.connect();
        WireClient bob = node.connect().hello("one", "bob")) {
      JsonNode refused = third.call(hello("three", "ann"));
      assertThat(refused.at("/error/code").asText()).isEqualTo("rate_limited");
      assertThat(refused.at("/error/message").asText()).contains("ann has 2 connections");
      assertThat(third.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1001);
      assertThat(get(node, "/v1/sessions/none", "ann").statusCode()).isEqualTo(404);

      String open = "{'type':'session.open','session':'%s'}";
      assertThat(first.call(open.formatted("a")).path("created").asBoolean()).isTrue();
      assertThat(post(node, "b", "ann", "{'type':'session.open'}").statusCode()).isEqualTo(200);
      String full = "principal ann owns 2 sessions (expected: fewer than 2; delete one before)";
      JsonNode nack = second.call(open.formatted("c"));
      assertThat(nack.at("/error/code").asText()).isEqualTo("limit_exceeded");
      assertThat(nack.at("/error/message").asText()).isEqualTo(full);
      HttpResponse<String> response = post(node, "c", "ann", "{'type':'session.open'}");
      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(code(response)).isEqualTo("limit_exceeded");
      assertThat(response.body()).contains(full);
      assertThat(bob.call(open.formatted("c")).path("created").asBoolean()).isTrue();
    }
  }
}
