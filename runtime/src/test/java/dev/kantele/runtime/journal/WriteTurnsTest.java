package dev.kantele.runtime.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.runtime.journal.WriteTurns.Kind;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.ExecutionContexts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.concurrent.Promise;
import scala.jdk.javaapi.FutureConverters;

final class WriteTurnsTest {
  private static final ExecutionContext HERE = ExecutionContexts.fromExecutor(Runnable::run);

  private final ActorSystem system = ActorSystem.create("turns");
  private final WriteTurns turns = WriteTurns.of(system);
  private final List<String> started = new ArrayList<>();

  @AfterEach
  void stop() {
    TestNode.join(FutureConverters.asJava(system.terminate()));
  }

  @Test
  void one_writes_at_a_time_and_the_kinds_alternate() {
    Promise<String> first = write(Kind.DELETION, "d1");
    Promise<String> second = write(Kind.DELETION, "d2");
    Promise<String> third = write(Kind.DELETION, "d3");
    Promise<String> snapshot = write(Kind.SNAPSHOT, "s1");
    Promise<String> nextSnapshot = write(Kind.SNAPSHOT, "s2");
    Promise<String> events = write(Kind.EVENTS, "e1");
    assertThat(started).containsExactly("d1");

    for (Promise<String> current : List.of(first, events, snapshot, second, nextSnapshot, third)) {
      current.success("done");
    }

    assertThat(started).containsExactly("d1", "e1", "s1", "d2", "s2", "d3");
  }

  @Test
  void a_failed_one_is_reported_and_gives_way() {
    Promise<String> first = Promise.apply();
    Future<String> result = turns.write(Kind.EVENTS, first::future, HERE);
    Promise<String> second = write(Kind.EVENTS, "second");

    first.failure(new IllegalStateException("broken"));

    assertThat(result.value().get().isFailure()).isTrue();
    assertThat(started).containsExactly("second");
    second.success("done");
  }

  @Test
  void one_that_cannot_begin_is_reported_and_gives_way() {
    Future<String> result =
        turns.write(
            Kind.EVENTS,
            () -> {
              throw new IllegalStateException("broken");
            },
            HERE);

    assertThat(result.value().get().isFailure()).isTrue();
    write(Kind.EVENTS, "next").success("done");
    assertThat(started).containsExactly("next");
  }

  @Test
  void who_stops_waits_for_the_one_under_way_and_begins_no_other() {
    Promise<String> first = write(Kind.DELETION, "first");
    write(Kind.EVENTS, "second");

    var stopped = turns.stop().toCompletableFuture();
    assertThat(stopped).isNotDone();
    first.success("done");

    assertThat(stopped).isCompleted();
    write(Kind.EVENTS, "third");
    assertThat(started).containsExactly("first");
    assertThat(turns.stop().toCompletableFuture()).isCompleted();
  }

  @Test
  void who_stops_where_nothing_is_written_is_done_at_once() {
    assertThat(turns.stop().toCompletableFuture()).isCompleted();
  }

  private Promise<String> write(Kind kind, String name) {
    Promise<String> end = Promise.apply();
    turns.write(
        kind,
        () -> {
          started.add(name);
          return end.future();
        },
        HERE);
    return end;
  }
}
