package dev.kantele.runtime.poller.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.kantele.runtime.poller.PollerLoop;
import dev.kantele.runtime.poller.Registration;
import dev.kantele.runtime.poller.Timer;
import dev.kantele.runtime.poller.TimerTask;
import dev.kantele.runtime.poller.backend.Interest;
import dev.kantele.runtime.poller.backend.Trigger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.dispatch.MessageDispatcher;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PollerLoopsTest {
  private final ActorTestKit kit =
      ActorTestKit.create(
          ConfigFactory.parseString(
                  """
                  three = ${kantele.poller-dispatcher} { loop.loops = 3 }
                  by-nio {
                    type = Dispatcher
                    executor = "dev.kantele.runtime.poller.dispatcher.PollerExecutorConfigurator"
                    loop.backend = nio
                  }
                  wrong = ${kantele.poller-dispatcher} { loop.tasks-per-tick = 0 }
                  """)
              .withFallback(ConfigFactory.defaultReference())
              .resolve());
  private final PollerLoops loops = PollerLoops.of(kit.system());

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private static CompletableFuture<Thread> threadOf(PollerLoop loop) {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    loop.execute(() -> thread.complete(Thread.currentThread()));
    return thread;
  }

  /** Answers with its thread. */
  private static Behavior<CompletableFuture<Thread>> whereAmI() {
    return Behaviors.receiveMessage(
        reply -> {
          reply.complete(Thread.currentThread());
          return Behaviors.same();
        });
  }

  private Thread threadOfAnActorOn(String dispatcher) throws Exception {
    ActorRef<CompletableFuture<Thread>> actor =
        kit.spawn(whereAmI(), DispatcherSelector.fromConfig(dispatcher));
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    actor.tell(thread);
    return get(thread);
  }

  @Nested
  class ADispatcher {
    @Test
    void runs_its_actors_on_the_loops_thread() throws Exception {
      PollerLoop loop = loops.loop(PollerLoops.DISPATCHER);
      assertThat(threadOfAnActorOn(PollerLoops.DISPATCHER)).isSameAs(get(threadOf(loop)));
      assertThat(loop.name()).isEqualTo("kantele.poller-dispatcher");
    }

    @Test
    void begins_its_loop_if_nobody_has_asked_for_it_before() throws Exception {
      Thread thread = threadOfAnActorOn(PollerLoops.DISPATCHER);
      assertThat(loops.loops()).hasSize(1);
      assertThat(thread).isSameAs(get(threadOf(loops.loop(PollerLoops.DISPATCHER))));
    }

    @Test
    void runs_its_streams_on_the_loops_thread() throws Exception {
      Thread expected = get(threadOf(loops.loop(PollerLoops.DISPATCHER)));
      List<Thread> threads =
          Source.range(1, 100)
              .map(_ -> Thread.currentThread())
              .toMat(Sink.<Thread>seq(), Keep.right())
              .withAttributes(ActorAttributes.dispatcher(PollerLoops.DISPATCHER))
              .run(kit.system())
              .toCompletableFuture()
              .get(20, TimeUnit.SECONDS);
      assertThat(threads).hasSize(100).containsOnly(expected);
    }

    @Test
    void knows_the_loop_that_is_running_it() throws Exception {
      PollerLoop loop = loops.loop(PollerLoops.DISPATCHER);
      CompletableFuture<Object> current = new CompletableFuture<>();
      loop.execute(() -> current.complete(loops.current().orElseThrow()));
      assertThat(get(current)).isSameAs(loop);
      assertThat(loops.current()).isEmpty();
    }

    @Test
    void takes_what_it_does_not_set_from_the_nodes_own() throws Exception {
      assertThat(threadOfAnActorOn("by-nio").getName()).isEqualTo("by-nio");
    }

    @Test
    void needs_sensible_settings() {
      assertThatThrownBy(() -> loops.loop("wrong"))
          .hasMessageStartingWith("wrong.loop.tasks-per-tick: 0 (expected: 1..1000000");
    }
  }

  @Nested
  class ADispatcherThatIsShutDownForIdleness {
    private final MessageDispatcher dispatcher =
        kit.system().classicSystem().dispatchers().lookup("by-nio");
    private final BlockingQueue<Thread> told = new LinkedBlockingQueue<>();

    @Test
    void keeps_what_is_registered_and_goes_on_later() throws Exception {
      Thread before = threadOfAnActorOn("by-nio");
      Pipe pipe = Pipe.open();
      pipe.source().configureBlocking(false);
      PollerLoop loop = loops.loop("by-nio");
      CompletableFuture<Registration> registered = new CompletableFuture<>();
      loop.execute(
          () -> {
            try {
              registered.complete(
                  loop.register(
                      pipe.source(),
                      Trigger.ONE_SHOT,
                      Interest.READ,
                      (_, _) -> told.add(Thread.currentThread())));
            } catch (IOException e) {
              registered.completeExceptionally(e);
            }
          });
      get(registered);

      dispatcher.shutdown(); // As Pekko does when nobody has been on it for shutdown-timeout.

      pipe.sink().write(ByteBuffer.allocate(1));
      assertThat(told.poll(20, TimeUnit.SECONDS)).isSameAs(before);
      assertThat(threadOfAnActorOn("by-nio")).isSameAs(before);
      pipe.sink().close();
      pipe.source().close();
    }
  }

  @Nested
  class SeveralLoops {
    @Test
    void have_a_dispatcher_and_a_thread_each() throws Exception {
      List<String> ids = loops.dispatchers("three");
      assertThat(ids).containsExactly("three", "three-loop-2", "three-loop-3");
      assertThat(loops.dispatchers("three")).isEqualTo(ids);
      Set<Thread> threads = new HashSet<>();
      for (String id : ids) {
        Thread thread = threadOfAnActorOn(id);
        assertThat(thread.getName()).isEqualTo(id);
        assertThat(thread).isSameAs(get(threadOf(loops.loop(id))));
        threads.add(thread);
      }
      assertThat(threads).hasSize(3);
    }

    @Test
    void are_one_unless_it_is_set() {
      assertThat(loops.dispatchers("by-nio")).containsExactly("by-nio");
    }
  }

  @Nested
  class TheEndOfTheSystem {
    @Test
    void comes_before_that_of_the_loop() throws Exception {
      PollerLoop loop = loops.loop(PollerLoops.DISPATCHER);
      CompletableFuture<Boolean> stopped = new CompletableFuture<>();
      kit.spawn(
          Behaviors.receive(Void.class)
              .onSignal(
                  PostStop.class,
                  _ -> {
                    stopped.complete(loop.inLoop());
                    return Behaviors.same();
                  })
              .build(),
          DispatcherSelector.fromConfig(PollerLoops.DISPATCHER));
      CompletableFuture<PollerLoop.State> released = new CompletableFuture<>();
      loop.timer(
              new TimerTask() {
                @Override
                public void due(Timer timer) {}

                @Override
                public void dropped(Timer timer) {
                  released.complete(
                      kit.system().whenTerminated().isCompleted()
                          ? loop.state()
                          : PollerLoop.State.RUNNING);
                }
              })
          .schedule(Duration.ofDays(1));
      kit.shutdownTestKit();
      assertThat(get(stopped)).isTrue();
      assertThat(get(released)).isEqualTo(PollerLoop.State.STOPPING);
      assertThat(loop.awaitTermination(Duration.ofSeconds(20))).isTrue();
      assertThatThrownBy(() -> loop.execute(() -> {}))
          .isInstanceOf(RejectedExecutionException.class);
      assertThatIllegalStateException()
          .isThrownBy(() -> loops.loop("three"))
          .withMessageContaining("the actor system has ended");
    }
  }

  @Nested
  class AnExecutor {
    private final PollerLoop loop = loops.loop("by-nio");
    private final LoopExecutor executor = new LoopExecutor(loop);

    @Test
    void runs_what_it_took_in_before_it_terminates() throws Exception {
      CompletableFuture<Boolean> last = new CompletableFuture<>();
      executor.execute(() -> executor.execute(() -> last.complete(executor.isTerminated())));
      CompletableFuture<Thread> there = threadOf(loop);
      get(there);
      executor.shutdown();
      assertThat(executor.isShutdown()).isTrue();
      assertThat(executor.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
      assertThat(get(last)).isFalse();
      assertThat(executor.isTerminated()).isTrue();
      assertThat(loop.state()).isEqualTo(PollerLoop.State.RUNNING);
    }

    @Test
    void takes_nothing_once_it_is_shut_down() {
      assertThat(executor.shutdownNow()).isEmpty();
      assertThatThrownBy(() -> executor.execute(() -> {}))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageContaining("that was shut down");
    }

    @Test
    void terminates_at_once_where_the_loop_has_ended() {
      loop.close();
      executor.shutdown();
      assertThat(executor.isTerminated()).isTrue();
    }
  }
}
