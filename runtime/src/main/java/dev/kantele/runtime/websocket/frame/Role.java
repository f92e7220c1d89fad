package dev.kantele.runtime.websocket.frame;

/** Which end of a connection this is: clients mask what they send, servers don't. */
public enum Role {
  CLIENT,
  SERVER
}
