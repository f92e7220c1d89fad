package dev.kantele.runtime.poller;

import dev.kantele.runtime.poller.backend.Poller;
import dev.kantele.runtime.poller.backend.Ready;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a loop watches. Belongs to the loop's thread, but for {@link #wakeup}. */
final class Sources {
  private final Poller poller;
  private final FaultHandler faults;
  private final Ready ready = new Ready();
  private final List<Registration> registrations = new ArrayList<>();

  Sources(Poller poller, FaultHandler faults) {
    this.poller = poller;
    this.faults = faults;
  }

  void add(Registration registration) throws IOException {
    poller.add(registration);
    registration.index = registrations.size();
    registrations.add(registration);
  }

  void update(Registration registration, int interest) throws IOException {
    poller.update(registration, interest);
  }

  void cancel(Registration registration) {
    if (registration.index == Registration.CANCELLED) {
      return;
    }
    Registration last = registrations.removeLast();
    if (last != registration) {
      registrations.set(registration.index, last);
      last.index = registration.index;
    }
    registration.index = Registration.CANCELLED;
    try {
      poller.remove(registration);
    } catch (IOException e) {
      faults.fault("cancelling " + registration, e);
    }
  }

  /** How many there are. */
  int size() {
    return registrations.size();
  }

  /** Waits, and finds what is ready. */
  void poll(long timeoutNanos) throws IOException {
    poller.poll(timeoutNanos, ready);
  }

  /** How many sources the last wait found. */
  int found() {
    return ready.size();
  }

  boolean nothingFound() {
    return ready.size() == 0;
  }

  boolean wakeup() {
    return poller.wakeup();
  }

  /** Tells the handlers of what was found, each as things are when its turn comes. */
  int dispatch() {
    int told = 0;
    for (int i = 0; i < ready.size(); i++) {
      Registration registration = (Registration) ready.watch(i);
      int readiness = registration.take(ready.readiness(i));
      if (readiness == 0) {
        continue;
      }
      told++;
      try {
        registration.handler().ready(registration, readiness);
      } catch (Throwable e) {
        faults.fault("the handler of " + registration, e);
      }
    }
    ready.clear();
    return told;
  }

  /** Cancels all, tells their owners, and closes the back end. */
  void release() {
    ready.clear();
    while (!registrations.isEmpty()) {
      Registration registration = registrations.getLast();
      cancel(registration);
      try {
        registration.handler().released(registration);
      } catch (Throwable e) {
        faults.fault("the handler of " + registration, e);
      }
    }
    try {
      poller.close();
    } catch (IOException e) {
      faults.fault("closing " + poller.name(), e);
    }
  }
}
