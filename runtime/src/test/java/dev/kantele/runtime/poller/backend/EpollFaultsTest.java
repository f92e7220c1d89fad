package dev.kantele.runtime.poller.backend;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the system may do to epoll, and what people may do to their descriptors. */
@EnabledOnOs(OS.LINUX)
@Timeout(20)
class EpollFaultsTest {
  private static final int F_DUPFD = 0;
  private static final int O_RDONLY = 0;
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final Syscalls system = new NativeSyscalls();
  private final ScriptedSyscalls script = new ScriptedSyscalls();
  private final Ready ready = new Ready();
  private EpollPoller poller;

  @BeforeEach
  void open() throws IOException {
    poller = EpollPoller.open(script.around(system));
  }

  @AfterEach
  void close() throws IOException {
    poller.close();
  }

  private int poll(long timeoutNanos) throws IOException {
    ready.clear();
    poller.poll(timeoutNanos, ready);
    return ready.size();
  }

  @Nested
  class Opening {
    @Test
    void leaves_nothing_open_if_the_process_has_no_descriptor_left() {
      long before = FileDescriptors.ofSocketsAndPollers();
      ScriptedSyscalls noEpoll = new ScriptedSyscalls().next("epollCreate1", -Errno.EMFILE);
      assertThatExceptionOfType(SyscallException.class)
          .isThrownBy(() -> EpollPoller.open(noEpoll.around(system)))
          .withMessage("epoll_create1: EMFILE")
          .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EMFILE));
      ScriptedSyscalls noEventfd = new ScriptedSyscalls().next("eventfd", -Errno.ENFILE);
      assertThatExceptionOfType(SyscallException.class)
          .isThrownBy(() -> EpollPoller.open(noEventfd.around(system)))
          .withMessage("eventfd: ENFILE");
      ScriptedSyscalls noControl = new ScriptedSyscalls().next("epollCtl", -Errno.ENOMEM);
      assertThatExceptionOfType(SyscallException.class)
          .isThrownBy(() -> EpollPoller.open(noControl.around(system)))
          .withMessage("epoll_ctl ADD of the eventfd: ENOMEM");
      assertThat(FileDescriptors.ofSocketsAndPollers()).isEqualTo(before);
      assertThat(noEventfd.count("close")).as("what was not opened is not closed").isZero();
    }
  }

  @Nested
  class Waiting {
    @Test
    void ends_early_when_a_signal_comes() throws IOException {
      script.next("epollPwait2", -Errno.EINTR);
      assertThat(poll(HOUR)).isZero();
    }

    @Test
    void fails_for_good_where_the_descriptor_is_wrong() {
      script.next("epollWait", -Errno.EBADF);
      assertThatExceptionOfType(SyscallException.class)
          .isThrownBy(() -> poll(0))
          .withMessage("epoll_wait: EBADF");
    }

    @Test
    void is_in_milliseconds_rounded_up_where_the_kernel_knows_no_better() throws IOException {
      for (int errno : new int[] {Errno.ENOSYS, Errno.EPERM}) {
        ScriptedSyscalls old = new ScriptedSyscalls().next("epollPwait2", -errno);
        long[] waited = new long[1];
        Syscalls recording =
            (Syscalls)
                java.lang.reflect.Proxy.newProxyInstance(
                    Syscalls.class.getClassLoader(),
                    new Class<?>[] {Syscalls.class},
                    (_, method, arguments) -> {
                      if (method.getName().equals("epollWait")) {
                        waited[0] = (int) arguments[3];
                        return 0;
                      }
                      return method.invoke(system, arguments);
                    });
        try (EpollPoller coarse = EpollPoller.open(old.around(recording))) {
          coarse.poll(1, ready);
          assertThat(waited[0]).isEqualTo(1);
          coarse.poll(1_000_001, ready);
          assertThat(waited[0]).isEqualTo(2);
          coarse.poll(Long.MAX_VALUE - 1, ready);
          assertThat(waited[0]).isEqualTo(Integer.MAX_VALUE);
          coarse.poll(Poller.FOREVER, ready);
          assertThat(waited[0]).isEqualTo(-1);
          coarse.poll(-5, ready);
          assertThat(waited[0]).isZero();
        }
        assertThat(old.count("epollPwait2")).as("it is tried once").isEqualTo(1);
      }
    }

    @Test
    void looks_at_more_at_a_time_when_there_is_more() throws IOException {
      SocketLine[] lines = new SocketLine[600];
      for (int i = 0; i < lines.length; i++) {
        lines[i] = new SocketLine();
        poller.add(lines[i].watch(Trigger.LEVEL, Interest.READ));
        lines[i].send();
      }
      assertThat(poll(0)).isEqualTo(256);
      assertThat(poll(0)).isEqualTo(512);
      assertThat(poll(0)).isEqualTo(600);
      for (SocketLine line : lines) {
        line.close();
      }
    }
  }

  @Nested
  class Waking {
    @Test
    void is_tried_again_when_a_signal_comes() throws IOException {
      script.next("eventfdSignal", -Errno.EINTR, -Errno.EINTR);
      assertThat(poller.wakeup()).isTrue();
      assertThat(script.count("eventfdSignal")).isEqualTo(3);
      assertThat(poll(HOUR)).isZero();
    }

    @Test
    void has_happened_where_the_counter_is_full() {
      script.next("eventfdSignal", -Errno.EAGAIN);
      assertThat(poller.wakeup()).isTrue();
    }

    @Test
    void is_told_to_have_failed_if_it_did_or_wrote_too_little() {
      script.next("eventfdSignal", -Errno.EIO, 4);
      assertThat(poller.wakeup()).isFalse();
      assertThat(poller.wakeup()).isFalse();
      assertThat(poller.wakeup()).isTrue();
    }

    @Test
    void does_not_touch_a_number_that_is_anothers_after_the_end() throws IOException {
      poller.close();
      poller.wakeup();
      assertThat(script.count("eventfdSignal")).isZero();
    }
  }

  @Nested
  class Ending {
    @Test
    void closes_each_descriptor_once_though_closing_fails() {
      script.next("close", -Errno.EIO);
      assertThatExceptionOfType(SyscallException.class)
          .isThrownBy(() -> poller.close())
          .withMessage("close of the eventfd: EIO");
      assertThat(script.count("close")).isEqualTo(2);
    }

    @Test
    void does_not_close_again() throws IOException {
      poller.close();
      poller.close();
      assertThat(script.count("close")).isEqualTo(2);
    }
  }

  @Nested
  class Registering {
    @Test
    void leaves_the_descriptor_to_the_caller_if_it_fails() throws IOException {
      try (SocketLine line = new SocketLine()) {
        Watch watch = line.watch(Trigger.LEVEL, Interest.READ);
        script.next("epollCtl", -Errno.ENOMEM);
        assertThatExceptionOfType(SyscallException.class)
            .isThrownBy(() -> poller.add(watch))
            .withMessage(
                "epoll_ctl ADD of descriptor "
                    + line.here
                    + ", which stays the caller's alone: ENOMEM");
        assertThat(watch.watched()).isFalse();
        poller.add(watch);
        assertThat(watch.watched()).isTrue();
      }
    }

    @Test
    void keeps_the_interest_that_could_not_be_changed() throws IOException {
      try (SocketLine line = new SocketLine()) {
        Watch watch = line.watch(Trigger.LEVEL, Interest.READ);
        poller.add(watch);
        script.next("epollCtl", -Errno.ENOMEM);
        assertThatExceptionOfType(SyscallException.class)
            .isThrownBy(() -> poller.update(watch, Interest.WRITE))
            .withMessageContaining("it stays registered for interest 1: ENOMEM");
        assertThat(watch.interest()).isEqualTo(Interest.READ);
        line.send();
        assertThat(poll(0)).isEqualTo(1);
      }
    }

    @Test
    void refuses_what_can_not_be_polled(@TempDir Path folder) throws IOException {
      Path file = Files.createFile(folder.resolve("file"));
      try (Arena arena = Arena.ofConfined()) {
        int descriptor = FileDescriptors.open(arena.allocateFrom(file.toString()), O_RDONLY);
        assertThatExceptionOfType(SyscallException.class)
            .isThrownBy(() -> poller.add(new TestWatch(descriptor, Trigger.LEVEL, Interest.READ)))
            .withMessageContaining("EPERM");
        system.close(descriptor);
      }
    }

    @Test
    void does_not_let_anybody_at_the_wake_up() throws IOException {
      int wake = FileDescriptors.eventfdOf(poller);
      assertThatIllegalStateException()
          .isThrownBy(() -> poller.add(new TestWatch(wake, Trigger.LEVEL, Interest.READ)))
          .withMessage("descriptor " + wake + " is registered already: the loop's");
    }

    @Test
    void makes_no_system_call_where_nothing_changes() throws IOException {
      try (SocketLine line = new SocketLine()) {
        Watch watch = line.watch(Trigger.LEVEL, Interest.READ);
        poller.add(watch);
        long before = script.count("epollCtl");
        poller.update(watch, Interest.READ);
        assertThat(script.count("epollCtl")).isEqualTo(before);
      }
    }

    @Test
    void leaves_no_descriptor_behind_in_many_rounds() throws IOException {
      long before = FileDescriptors.ofSocketsAndPollers();
      for (int i = 0; i < 1_000; i++) {
        try (SocketLine line = new SocketLine()) {
          Watch watch = line.watch(Trigger.EDGE, Interest.READ_WRITE);
          poller.add(watch);
          poller.remove(watch);
        }
      }
      assertThat(FileDescriptors.ofSocketsAndPollers()).isEqualTo(before);
      assertThat(FileDescriptors.targetsOf(poller)).hasSize(1);
    }
  }

  @Nested
  class ADescriptorThatItsOwnerClosedWithoutCancelling {
    @Test
    void is_forgotten_by_the_kernel_and_the_number_is_free_for_another() throws IOException {
      SocketLine first = new SocketLine();
      Watch stale = first.watch(Trigger.LEVEL, Interest.READ);
      poller.add(stale);
      int number = first.here;
      first.close();
      try (SocketLine second = FileDescriptors.lineAt(number)) {
        Watch fresh = second.watch(Trigger.LEVEL, Interest.READ);
        poller.add(fresh);
        assertThat(stale.watched()).isFalse();
        poller.remove(stale); // Must not take the other's registration away.
        second.send();
        assertThat(poll(0)).isEqualTo(1);
        assertThat(ready.watch(0)).isSameAs(fresh);
      }
    }

    @Test
    void is_not_told_though_a_duplicate_keeps_the_kernels_entry_alive() throws IOException {
      SocketLine line = new SocketLine();
      Watch stale = line.watch(Trigger.LEVEL, Interest.READ);
      poller.add(stale);
      int duplicate = system.fcntl(line.here, F_DUPFD, 200);
      system.close(line.here);
      poller.remove(stale); // The kernel can't find it by its number any more.
      line.send();
      assertThat(poll(0)).isZero();
      long polls = script.count("epollCreate1");
      assertThat(polls).as("the set was made anew").isEqualTo(2);
      assertThat(poll(0)).isZero();
      assertThat(script.count("epollCreate1")).as("once").isEqualTo(polls);
      assertThat(FileDescriptors.targetsOf(poller)).as("the wake-up alone").hasSize(1);
      poller.wakeup();
      assertThat(poll(HOUR)).isZero();
      system.close(duplicate);
      system.close(line.there);
    }

    @Test
    void does_not_disturb_the_others_when_the_set_is_made_anew() throws IOException {
      SocketLine stale = new SocketLine();
      try (SocketLine other = new SocketLine()) {
        poller.add(stale.watch(Trigger.LEVEL, Interest.READ));
        int duplicate = system.fcntl(stale.here, F_DUPFD, 200);
        system.close(stale.here);
        Watch there = new TestWatch(stale.here, Trigger.LEVEL, Interest.READ);
        int again = system.fcntl(other.here, F_DUPFD, stale.here);
        assertThat(again).isEqualTo(stale.here);
        poller.add(there);
        stale.send();
        // Without a descriptor to spare it is done later.
        script.next("epollCreate1", -Errno.EMFILE);
        assertThat(poll(0)).as("it is nobody's").isZero();
        assertThat(poll(0)).isZero();
        other.send();
        assertThat(poll(0)).isEqualTo(1);
        assertThat(ready.watch(0)).isSameAs(there);
        system.close(again);
        system.close(duplicate);
        system.close(stale.there);
      }
    }
  }

  @Nested
  class OtherDescriptors {
    @Test
    void far_up_are_registered_as_well() throws IOException {
      try (SocketLine line = new SocketLine()) {
        int far = system.fcntl(line.here, F_DUPFD, FileDescriptors.farthest());
        Watch watch = new TestWatch(far, Trigger.LEVEL, Interest.READ);
        poller.add(watch);
        line.send();
        assertThat(poll(0)).isEqualTo(1);
        poller.remove(watch);
        system.close(far);
      }
    }

    @Test
    void are_numbered_so_that_a_generation_may_start_over() throws IOException {
      try (EpollPoller old =
              new EpollPoller(system, EpollLayout.of(System.getProperty("os.arch")), -3);
          SocketLine line = new SocketLine()) {
        for (int i = 0; i < 6; i++) {
          Watch watch = line.watch(Trigger.LEVEL, Interest.READ);
          old.add(watch);
          line.send();
          ready.clear();
          old.poll(0, ready);
          assertThat(ready.size()).isEqualTo(1);
          assertThat(ready.watch(0)).isSameAs(watch);
          old.remove(watch);
        }
        ready.clear();
        old.poll(0, ready);
        assertThat(ready.size()).isZero();
      }
    }

    @Test
    void of_pipes_tell_of_the_other_end() throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment pair = arena.allocate(8, 4);
        assertThat(system.pipe(pair)).isZero();
        int read = pair.getAtIndex(JAVA_INT, 0);
        int write = pair.getAtIndex(JAVA_INT, 1);
        Watch reader = new TestWatch(read, Trigger.LEVEL, Interest.READ);
        poller.add(reader);
        system.close(write);
        assertThat(poll(0)).isEqualTo(1);
        assertThat(ready.readiness(0)).isEqualTo(Readiness.READ | Readiness.HANGUP);
        poller.remove(reader);
        system.close(read);

        assertThat(system.pipe(pair)).isZero();
        Watch writer = new TestWatch(pair.getAtIndex(JAVA_INT, 1), Trigger.LEVEL, Interest.NONE);
        poller.add(writer);
        system.close(pair.getAtIndex(JAVA_INT, 0));
        assertThat(poll(0)).isEqualTo(1);
        assertThat(ready.readiness(0) & Readiness.ERROR).isNotZero();
        assertThat(poll(0)).as("told once, as nobody asked").isZero();
        poller.remove(writer);
        system.close(pair.getAtIndex(JAVA_INT, 1));
      }
    }

    @Test
    void of_sockets_can_be_read_to_the_end_after_the_peer_ended_its_side() throws IOException {
      try (SocketLine line = new SocketLine()) {
        Watch watch = line.watch(Trigger.EDGE, Interest.READ);
        poller.add(watch);
        line.send();
        system.shutdown(line.there, 1);
        assertThat(poll(0)).isEqualTo(1);
        assertThat(ready.readiness(0)).isEqualTo(Readiness.READ | Readiness.HANGUP);
        MemorySegment buffer = MemorySegment.ofArray(new byte[8]);
        assertThat(system.read(line.here, buffer)).isEqualTo(1);
        assertThat(system.read(line.here, buffer)).isZero();
      }
    }

    @Test
    void of_processes_are_ready_when_these_end() throws Exception {
      Process process = new ProcessBuilder("cat").start();
      int descriptor = system.pidfdOpen((int) process.pid(), 0);
      assertThat(descriptor).isNotNegative();
      Watch watch = new TestWatch(descriptor, Trigger.ONE_SHOT, Interest.READ);
      poller.add(watch);
      assertThat(poll(0)).isZero();
      process.getOutputStream().close();
      assertThat(poll(HOUR)).isEqualTo(1);
      assertThat(process.waitFor()).isZero();
      poller.remove(watch);
      system.close(descriptor);
    }
  }
}
