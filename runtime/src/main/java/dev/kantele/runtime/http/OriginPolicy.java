package dev.kantele.runtime.http;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which web pages may open a WebSocket. Browsers let every page do so, and say in {@code Origin}
 * where it comes from (RFC 6455, section 10.2); other clients send no such header.
 *
 * <p>A page of the same host may. On a node that listens to its own machine only, that host must be
 * a name of this machine: a page of an attacker's host whose name was made to point here is of the
 * same host, too.
 */
final class OriginPolicy {
  private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^/\\s]+");

  private final boolean ownMachineOnly;
  private final List<String> allowed;

  /**
   * A policy.
   *
   * @param listenHost the host that the node listens on
   * @param allowed origins that may connect whatever the host
   */
  OriginPolicy(String listenHost, List<String> allowed) {
    this.ownMachineOnly = Hosts.isLoopback(listenHost);
    this.allowed = List.copyOf(allowed);
  }

  /** Whether {@code text} is written like an origin. */
  static boolean isOrigin(String text) {
    return ORIGIN.matcher(text).matches();
  }

  /**
   * Whether a request may name the node so. On a node that listens to its own machine only, the
   * name must be one of this machine, or an allowed origin's: a browser sends no {@code Origin}
   * when a page reads from its own host, be that an attacker's name that was made to point here.
   *
   * @param hostHeader the header {@code Host}
   */
  boolean allowsHost(Optional<String> hostHeader) {
    if (!ownMachineOnly) {
      return true;
    }
    Optional<String> host = hostHeader.flatMap(Hosts::ofHeader);
    return host.isEmpty()
        || Hosts.isLoopback(host.get())
        || allowed.stream().map(Hosts::ofUri).anyMatch(host::equals);
  }

  /**
   * Whether a page may connect.
   *
   * @param origin the header {@code Origin}
   * @param hostHeader the header {@code Host}
   */
  boolean allows(Optional<String> origin, Optional<String> hostHeader) {
    if (origin.isEmpty() || allowed.contains(origin.get())) {
      return true;
    }
    Optional<String> page = Hosts.ofUri(origin.get());
    Optional<String> host = hostHeader.flatMap(Hosts::ofHeader);
    if (page.isEmpty() || host.isEmpty()) {
      return false;
    }
    boolean bothHere = Hosts.isLoopback(page.get()) && Hosts.isLoopback(host.get());
    return bothHere || (!ownMachineOnly && page.equals(host));
  }
}
