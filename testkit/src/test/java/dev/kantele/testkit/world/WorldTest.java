package dev.kantele.testkit.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.runtime.surroundings.Surroundings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class WorldTest {
  private final World world = new World(1);
  private final SimulatedProcess process = world.process("p");
  private final List<String> done = new ArrayList<>();

  @Nested
  class Time {
    @Test
    void stands_still_until_it_is_moved() {
      process.schedule(Duration.ofSeconds(1), () -> done.add("late"));
      process.execute(() -> done.add("now"));

      world.runUntilIdle();

      assertThat(done).containsExactly("now");
      assertThat(world.elapsed()).isZero();
    }

    @Test
    void passes_from_timer_to_timer_in_their_order() {
      process.schedule(Duration.ofHours(3), () -> done.add("3h " + world.clock().instant()));
      process.schedule(
          Duration.ofHours(1),
          () -> process.schedule(Duration.ofHours(1), () -> done.add("2h " + world.elapsed())));

      world.advance(Duration.ofHours(5));

      assertThat(done).containsExactly("2h PT2H", "3h 2030-01-01T03:00:00Z");
      assertThat(world.elapsed()).isEqualTo(Duration.ofHours(5));
    }

    @Test
    void does_not_reach_what_was_taken_back() {
      process.schedule(Duration.ofSeconds(1), () -> done.add("never")).run();

      world.advance(Duration.ofMinutes(1));

      assertThat(done).isEmpty();
    }

    @Test
    void is_moved_by_who_waits_and_no_further_than_needed() {
      var future = new CompletableFuture<String>();
      process.schedule(Duration.ofHours(7), () -> future.complete("done"));
      process.schedule(Duration.ofHours(9), () -> done.add("later"));

      assertThat(world.await(future)).isEqualTo("done");
      assertThat(world.elapsed()).isEqualTo(Duration.ofHours(7));
      assertThat(done).isEmpty();
    }

    @Test
    void of_a_wait_in_vain_ends_with_an_error_that_names_the_seed() {
      assertThatThrownBy(() -> world.await(new CompletableFuture<>(), Duration.ofSeconds(5)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("PT5S")
          .hasMessageContaining("seed 1")
          .hasMessageContaining("Nothing can happen any more.");
    }
  }

  @Nested
  class Chance {
    private List<Integer> order(long seed) {
      var chosen = new World(seed);
      var by = chosen.process("p");
      var order = new ArrayList<Integer>();
      IntStream.range(0, 20).forEach(i -> by.execute(() -> order.add(i)));
      chosen.runUntilIdle();
      return order;
    }

    @Test
    void decides_what_runs_next_by_the_seed_alone() {
      assertThat(order(5)).isEqualTo(order(5)).isNotEqualTo(order(6)).hasSize(20);
    }

    @Test
    void gives_names_by_the_seed_alone() {
      assertThat(surroundings().newName(8)).isEqualTo(surroundings().newName(8)).hasSize(16);
    }

    private static Surroundings surroundings() {
      return new World(3).process("p").surroundings(ActorSystemSetup.empty());
    }
  }

  @Nested
  class AProcess {
    @Test
    void that_is_killed_does_nothing_any_more() {
      process.execute(() -> done.add("queued"));
      process.schedule(Duration.ofSeconds(1), () -> done.add("timed"));
      process.kill();
      process.execute(() -> done.add("posted"));

      world.advance(Duration.ofMinutes(1));

      assertThat(done).isEmpty();
    }

    @Test
    void may_be_killed_by_itself_in_the_middle_of_a_step() {
      process.execute(
          () -> {
            process.kill();
            process.execute(() -> done.add("posted"));
            done.add("the step goes on");
          });

      world.runUntilIdle();

      assertThat(done).containsExactly("the step goes on");
    }

    @Test
    void that_fails_outside_an_actor_fails_the_test() {
      process.execute(
          () -> {
            throw new IllegalStateException("broken");
          });

      assertThatThrownBy(world::runUntilIdle)
          .isInstanceOf(AssertionError.class)
          .hasRootCauseMessage("broken");
    }
  }

  @Nested
  class AThreadThatBlocks {
    private final Surroundings surroundings = process.surroundings(ActorSystemSetup.empty());

    @Test
    void runs_while_all_else_stands_still_and_gives_way_when_it_waits() {
      var latch = new CountDownLatch(1);
      surroundings
          .threads()
          .unstarted(
              "guest",
              () -> {
                done.add("begins");
                try {
                  latch.await();
                } catch (InterruptedException e) {
                  done.add("interrupted");
                }
                process.execute(() -> done.add("its post"));
              })
          .start();
      assertThat(done).isEmpty();

      world.runUntilIdle();
      assertThat(done).containsExactly("begins");
      process.execute(latch::countDown);
      world.runUntilIdle();

      assertThat(done).containsExactly("begins", "its post");
      assertThat(world.strays()).isEmpty();
    }

    @Test
    void is_interrupted_in_a_step_of_its_own() {
      Thread guest =
          surroundings
              .threads()
              .unstarted(
                  "guest",
                  () -> {
                    try {
                      new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                      done.add("interrupted");
                    }
                  });
      guest.start();
      world.runUntilIdle();

      process.execute(
          () -> {
            surroundings.threads().interrupt(guest);
            done.add("asked");
          });
      world.runUntilIdle();

      assertThat(done).containsExactly("asked", "interrupted");
    }
  }

  @Test
  void a_post_from_a_thread_that_is_not_of_this_world_is_noticed() throws Exception {
    process.execute(
        () -> {
          Thread stranger =
              new Thread(() -> process.execute(() -> done.add("strange")), "stranger");
          stranger.start();
          join(stranger);
        });

    world.runUntilIdle();

    assertThat(world.strays()).containsExactly("stranger");
    assertThat(done).containsExactly("strange");
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
