package dev.kantele.runtime.poller;

import static dev.kantele.runtime.poller.LoopRig.elsewhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.kantele.runtime.poller.backend.Interest;
import dev.kantele.runtime.poller.backend.Readiness;
import dev.kantele.runtime.poller.backend.Trigger;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RegistrationTest {
  private final LoopRig rig = new LoopRig();

  RegistrationTest() {
    rig.loop.adopt();
  }

  private Registration register(int descriptor, ReadinessHandler handler) throws IOException {
    return rig.loop.register(descriptor, Trigger.LEVEL, Interest.READ, handler);
  }

  private ReadinessHandler logged() {
    return (registration, readiness) -> rig.log.add(registration.descriptor() + ":" + readiness);
  }

  private void change(Registration registration, int interest) {
    try {
      registration.interest(interest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Nested
  class Registered {
    @Test
    void is_told_on_the_loops_thread_and_not_before_register_has_returned() throws IOException {
      rig.poller.makeReady(7, Readiness.READ);
      Registration registration = register(7, logged());
      assertThat(rig.log).isEmpty();
      assertThat(registration.loop()).isSameAs(rig.loop);
      rig.tick();
      assertThat(rig.log).containsExactly("7:1");
      assertThat(registration).hasToString("Registration[descriptor 7, interest 1, LEVEL]");
    }

    @Test
    void is_told_once_a_wait_of_all_that_it_asked_for() throws IOException {
      rig.loop.register(7, Trigger.LEVEL, Interest.READ_WRITE, logged());
      rig.poller.makeReady(7, Readiness.READ);
      rig.poller.makeReady(7, Readiness.WRITE | Readiness.HANGUP);
      rig.tick();
      assertThat(rig.log).containsExactly("7:7");
    }

    @Test
    void may_change_or_cancel_another_that_has_been_found_in_the_same_wait() throws IOException {
      Registration[] others = new Registration[4];
      ReadinessHandler first =
          (registration, _) -> {
            rig.log.add("first " + registration.descriptor());
            for (Registration other : others) {
              if (other != registration) {
                if (other.descriptor() % 2 == 0) {
                  other.cancel();
                } else {
                  change(other, Interest.WRITE);
                }
              }
            }
          };
      for (int i = 0; i < 4; i++) {
        others[i] = register(i, first);
        rig.poller.makeReady(i, Readiness.READ);
      }
      rig.tick();
      assertThat(rig.log).hasSize(1);
    }

    @Test
    void may_be_replaced_by_another_of_the_same_number_which_is_not_told_what_was_found_before()
        throws IOException {
      Registration second = register(2, logged());
      register(
          1,
          (registration, _) -> {
            registration.cancel();
            second.cancel();
            try {
              register(2, (_, readiness) -> rig.log.add("new " + readiness));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            rig.poller.makeUnready(2, Readiness.READ);
          });
      rig.poller.makeReady(1, Readiness.READ);
      rig.poller.makeReady(2, Readiness.READ);
      rig.ticks(3);
      assertThat(rig.log).as("whichever of the two comes first").isSubsetOf("2:1");
    }

    @Test
    void may_cancel_itself_while_it_is_told() throws IOException {
      register(
          1,
          (registration, _) -> {
            rig.log.add("told");
            registration.cancel();
          });
      rig.poller.makeReady(1, Readiness.READ);
      rig.ticks(3);
      assertThat(rig.log).containsExactly("told");
    }

    @Test
    void does_not_keep_others_from_being_told_when_it_throws() throws IOException {
      for (int i = 0; i < 3; i++) {
        register(
            i,
            (registration, _) -> {
              rig.log.add("told");
              registration.cancel();
              throw new AssertionError("thrown");
            });
        rig.poller.makeReady(i, Readiness.READ);
      }
      rig.tick();
      assertThat(rig.log).hasSize(3);
      assertThat(rig.faults).hasSize(3);
    }

    @Test
    void is_told_once_of_a_hang_up_that_it_has_not_asked_for() throws IOException {
      rig.loop.register(7, Trigger.LEVEL, Interest.NONE, logged());
      rig.poller.makeReady(7, Readiness.READ | Readiness.HANGUP);
      rig.ticks(5);
      assertThat(rig.log).containsExactly("7:4");
    }

    @Test
    void keeps_its_interest_if_the_system_refuses_to_change_it() throws IOException {
      Registration registration = register(7, logged());
      rig.poller.failNext(new IOException("ENOMEM"));
      assertThatIOException().isThrownBy(() -> registration.interest(Interest.WRITE));
      assertThat(registration.interest()).isEqualTo(Interest.READ);
    }

    @Test
    void belongs_to_the_loops_thread() throws IOException {
      Registration registration = register(7, logged());
      elsewhere(
          () -> {
            assertThatIllegalStateException().isThrownBy(registration::cancel);
            assertThatIllegalStateException().isThrownBy(() -> registration.interest(0));
            assertThatIllegalStateException()
                .isThrownBy(() -> register(8, logged()))
                .withMessageContaining("expected: the thread of PollerLoop[test, RUNNING]");
          });
      assertThat(registration.watched()).isTrue();
    }

    @Test
    void is_the_only_one_of_its_descriptor() throws IOException {
      register(7, logged());
      assertThatIllegalStateException()
          .isThrownBy(() -> register(7, logged()))
          .withMessageContaining("descriptor 7 is registered already: Registration[descriptor 7");
    }
  }

  @Nested
  class OfOneShot {
    @Test
    void is_told_once_for_each_time_that_it_asks() throws IOException {
      Registration registration = rig.loop.register(7, Trigger.ONE_SHOT, Interest.READ, logged());
      rig.poller.makeReady(7, Readiness.READ);
      rig.ticks(3);
      assertThat(rig.log).containsExactly("7:1");
      assertThat(registration.interest()).isEqualTo(Interest.NONE);
      registration.interest(Interest.READ);
      rig.ticks(3);
      assertThat(rig.log).containsExactly("7:1", "7:1");
    }
  }

  @Nested
  class Cancelled {
    @Test
    void is_not_told_and_can_not_be_changed() throws IOException {
      Registration registration = register(7, logged());
      registration.cancel();
      registration.cancel();
      assertThatIllegalStateException().isThrownBy(() -> registration.interest(Interest.READ));
      rig.poller.makeReady(7, Readiness.READ);
      rig.tick();
      assertThat(rig.log).isEmpty();
    }
  }

  @Nested
  class Refused {
    @Test
    void leaves_nothing_behind() throws IOException {
      rig.poller.failNext(new IOException("EMFILE"));
      assertThatIOException().isThrownBy(() -> register(7, logged()));
      register(7, logged());
      rig.poller.makeReady(7, Readiness.READ);
      rig.tick();
      assertThat(rig.log).containsExactly("7:1");
    }

    @Test
    void says_what_is_wrong_with_it() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> register(-1, logged()))
          .withMessage("descriptor: -1 (expected: 0..)");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> rig.loop.register(1, Trigger.LEVEL, 4, logged()))
          .withMessage("interest: 4 (expected: 0..3)");
    }

    @Test
    void says_whose_the_source_is_after_the_end() {
      rig.loop.close();
      assertThatIllegalStateException()
          .isThrownBy(() -> register(7, logged()))
          .withMessage(
              "descriptor 7: loop test is at its end; the source stays the caller's alone");
    }
  }

  @Nested
  class AtTheEnd {
    @Test
    void is_released_and_its_owner_told() throws IOException {
      ReadinessHandler owner =
          new ReadinessHandler() {
            @Override
            public void ready(Registration registration, int readiness) {
              rig.log.add("ready");
            }

            @Override
            public void released(Registration registration) {
              rig.log.add("released " + registration.watched());
              throw new IllegalStateException("thrown");
            }
          };
      register(1, owner);
      register(2, owner);
      register(3, owner).cancel();
      rig.loop.close();
      assertThat(rig.log).containsExactly("released false", "released false");
      assertThat(rig.faults).hasSize(2);
      assertThat(rig.poller.closed()).isTrue();
    }
  }
}
