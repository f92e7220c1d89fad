package dev.kantele.runtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.ClientId;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.websocket.frame.CloseCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

final class ConnectionsTest {
  private static final ClientKey CLIENT = new ClientKey("local", new ClientId("c"));

  private final Connections connections = new Connections();

  private static final class Recorded implements Connections.Connection {
    final ConcurrentLinkedQueue<CloseCode> closes = new ConcurrentLinkedQueue<>();

    @Override
    public void close(CloseCode code, String reason) {
      closes.add(code);
    }
  }

  private Recorded entered() {
    var connection = new Recorded();
    connections.enter(connection);
    return connection;
  }

  @Test
  void a_newer_connection_of_a_client_closes_the_older_one() {
    Recorded older = entered();
    Recorded newer = entered();
    connections.claim(CLIENT, older);
    connections.claim(new ClientKey("another", CLIENT.client()), entered());

    connections.claim(CLIENT, newer);

    assertThat(older.closes).containsExactly(CloseCode.REPLACED);
    assertThat(newer.closes).isEmpty();
  }

  @Test
  void an_older_connection_that_leaves_does_not_take_the_claim_with_it() {
    Recorded older = entered();
    Recorded newer = entered();
    connections.claim(CLIENT, older);
    connections.claim(CLIENT, newer);
    connections.leave(older, Optional.of(CLIENT));

    connections.claim(CLIENT, entered());

    assertThat(newer.closes).containsExactly(CloseCode.REPLACED);
  }

  @Test
  void of_many_that_claim_at_once_one_stays() throws Exception {
    var all = new ArrayList<Recorded>();
    var claims = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 50; i++) {
      Recorded connection = entered();
      all.add(connection);
      claims.add(CompletableFuture.runAsync(() -> connections.claim(CLIENT, connection)));
    }
    CompletableFuture.allOf(claims.toArray(CompletableFuture[]::new)).get();

    List<Recorded> left = all.stream().filter(connection -> connection.closes.isEmpty()).toList();
    assertThat(left).hasSize(1);
    assertThat(all).allSatisfy(connection -> assertThat(connection.closes).hasSizeLessThan(2));
  }

  @Test
  void draining_closes_all_and_ends_when_the_last_has_left() {
    Recorded one = entered();
    var drained = connections.drain().toCompletableFuture();
    Recorded late = entered();

    assertThat(one.closes).containsExactly(CloseCode.GOING_AWAY);
    assertThat(late.closes).containsExactly(CloseCode.GOING_AWAY);
    connections.leave(one, Optional.empty());
    assertThat(drained).isNotDone();
    connections.leave(late, Optional.empty());
    assertThat(drained).isCompleted();
    assertThat(connections.drain().toCompletableFuture()).isCompleted();
  }

  @Test
  void draining_nothing_is_done_at_once() {
    assertThat(connections.drain().toCompletableFuture()).isCompleted();
    assertThat(connections.size()).isZero();
  }
}
