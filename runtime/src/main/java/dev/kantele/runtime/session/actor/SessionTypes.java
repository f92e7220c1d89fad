package dev.kantele.runtime.session.actor;

import com.fasterxml.jackson.databind.Module;
import dev.kantele.protocol.Reply;
import dev.kantele.runtime.journal.SerializableType;
import dev.kantele.runtime.journal.SerializableTypes;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.session.SessionState;
import java.util.List;

/** What a session keeps as a snapshot, and what crosses nodes on the way to it and back. */
public final class SessionTypes implements SerializableTypes {
  @Override
  public List<SerializableType<?>> types() {
    return List.of(
        SerializableType.of("session-state", SessionState.class),
        SerializableType.of("session-submit", SessionMessage.Submit.class),
        SerializableType.of("session-pull", SessionMessage.Pull.class),
        SerializableType.of("session-wake", SessionMessage.Wake.class),
        SerializableType.of("pull-batch", PullReply.Batch.class),
        SerializableType.of("pull-detached", PullReply.Detached.class),
        SerializableType.of("reply", Reply.class));
  }

  @Override
  public List<Module> modules() {
    return List.of(new SessionModule());
  }
}
