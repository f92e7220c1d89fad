package dev.kantele.runtime.poller.backend;

import java.io.IOException;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class EpollPollerTest extends EdgePollerContract {

  @Override
  Poller open() throws IOException {
    return EpollPoller.open(new NativeSyscalls());
  }

  @Override
  Line line() {
    return new SocketLine();
  }
}
