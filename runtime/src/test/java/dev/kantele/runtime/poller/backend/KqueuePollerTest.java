package dev.kantele.runtime.poller.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Against a kqueue in memory; the one of macOS is for the machines of the continuous build. */
class KqueuePollerTest extends EdgePollerContract {
  final FakeKqueue fake = new FakeKqueue(layout());
  private int nextDescriptor = 5;

  KeventLayout layout() {
    return KeventLayout.MACOS;
  }

  @Override
  Poller open() throws IOException {
    return new KqueuePoller(fake.syscalls(), layout());
  }

  @Override
  Line line() {
    int descriptor = nextDescriptor++;
    fake.open(descriptor);
    return new Line() {
      @Override
      public Watch watch(Trigger trigger, int interest) {
        return new TestWatch(descriptor, trigger, interest);
      }

      @Override
      public void send() {
        fake.set(descriptor, 1);
      }

      @Override
      public void drain() {
        fake.clear(descriptor, 1);
      }

      @Override
      public void fill() {
        fake.clear(descriptor, 2);
      }

      @Override
      public void drainOther() {
        fake.set(descriptor, 2);
      }

      @Override
      public void hangUp() {
        fake.set(descriptor, 4);
      }

      @Override
      public void close() {
        fake.close(descriptor);
      }
    };
  }

  @Nested
  class Filters {
    private final Ready ready = new Ready();

    @Test
    void are_none_at_all_if_one_of_two_is_refused() throws IOException {
      try (Poller poller = open();
          Line line = line()) {
        int before = fake.filters();
        fake.failures.put((short) -2, 12);
        Watch watch = line.watch(Trigger.LEVEL, Interest.READ_WRITE);
        assertThatExceptionOfType(SyscallException.class)
            .isThrownBy(() -> poller.add(watch))
            .withMessageEndingWith("which stays the caller's alone: ENOMEM");
        assertThat(fake.filters()).isEqualTo(before);
        assertThat(watch.watched()).isFalse();
      }
    }

    @Test
    void are_as_before_if_a_change_is_refused() throws IOException {
      try (Poller poller = open();
          Line line = line()) {
        Watch watch = line.watch(Trigger.LEVEL, Interest.READ);
        poller.add(watch);
        fake.failures.put((short) -2, 12);
        assertThatExceptionOfType(SyscallException.class)
            .isThrownBy(() -> poller.update(watch, Interest.READ_WRITE))
            .withMessageContaining("it stays registered for interest 1");
        line.send();
        poller.poll(0, ready);
        assertThat(ready.readiness(0)).isEqualTo(Readiness.READ);
      }
    }

    @Test
    void are_added_before_others_are_taken_out() throws IOException {
      try (Poller poller = open();
          Line line = line()) {
        Watch watch = line.watch(Trigger.LEVEL, Interest.READ);
        poller.add(watch);
        fake.changes.clear();
        poller.update(watch, Interest.WRITE);
        int ident = watch.descriptor();
        assertThat(fake.changes).containsExactly(ident + "/-2/5", ident + "/-1/2");
      }
    }

    @Test
    void of_a_number_that_was_closed_make_room_for_another() throws IOException {
      try (Poller poller = open()) {
        Watch stale = new TestWatch(3, Trigger.LEVEL, Interest.READ);
        fake.open(3);
        poller.add(stale);
        fake.close(3);
        fake.open(3);
        Watch fresh = new TestWatch(3, Trigger.LEVEL, Interest.READ);
        poller.add(fresh);
        poller.remove(stale);
        fake.set(3, 1);
        poller.poll(0, ready);
        assertThat(ready.watch(0)).isSameAs(fresh);
      }
    }
  }
}
