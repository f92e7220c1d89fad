package dev.kantele.runtime.transport;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.channels.UnresolvedAddressException;

/**
 * Addresses as Linux lays them out: {@code sockaddr_in}, {@code sockaddr_in6} and {@code
 * sockaddr_un} (ip(7), ipv6(7), unix(7)).
 */
final class SocketAddresses {
  static final int AF_UNIX = 1;
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  /** Enough for each of them. */
  static final long MAX_BYTES = 128;

  private static final long INET_BYTES = 16;
  private static final long INET6_BYTES = 28;
  private static final int FAMILY_BYTES = 2;
  private static final int PATH_BYTES = 108;
  private static final ValueLayout.OfShort FAMILY = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfShort PORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /** The family of a socket for an address. */
  static int family(SocketAddress address) {
    return switch (address) {
      case UnixDomainSocketAddress _ -> AF_UNIX;
      case InetSocketAddress internet when resolved(internet) instanceof Inet6Address -> AF_INET6;
      case InetSocketAddress _ -> AF_INET;
      default -> throw unknown(address);
    };
  }

  /**
   * The system's form of an address.
   *
   * @throws UnresolvedAddressException if it is a name that nobody knows
   */
  static MemorySegment encode(SocketAddress address, Arena arena) {
    return switch (address) {
      case UnixDomainSocketAddress unix -> encode(unix, arena);
      case InetSocketAddress internet -> encode(internet, arena);
      default -> throw unknown(address);
    };
  }

  private static MemorySegment encode(UnixDomainSocketAddress address, Arena arena) {
    byte[] path = address.getPath().toString().getBytes(UTF_8);
    if (path.length == 0 || path.length >= PATH_BYTES) {
      throw new IllegalArgumentException(
          "path: %s has %d bytes (expected: 1..%d)"
              .formatted(address.getPath(), path.length, PATH_BYTES - 1));
    }
    MemorySegment to = arena.allocate(FAMILY_BYTES + path.length + 1L);
    to.set(FAMILY, 0, (short) AF_UNIX);
    MemorySegment.copy(path, 0, to, JAVA_BYTE, FAMILY_BYTES, path.length);
    return to;
  }

  private static MemorySegment encode(InetSocketAddress address, Arena arena) {
    InetAddress ip = resolved(address);
    byte[] bytes = ip.getAddress();
    MemorySegment to;
    if (ip instanceof Inet6Address six) {
      to = arena.allocate(INET6_BYTES);
      to.set(FAMILY, 0, (short) AF_INET6);
      MemorySegment.copy(bytes, 0, to, JAVA_BYTE, 8, bytes.length);
      to.set(INT, 24, six.getScopeId());
    } else {
      to = arena.allocate(INET_BYTES);
      to.set(FAMILY, 0, (short) AF_INET);
      MemorySegment.copy(bytes, 0, to, JAVA_BYTE, 4, bytes.length);
    }
    to.set(PORT, 2, (short) address.getPort());
    return to;
  }

  /** An address that the system has written, of so many bytes. */
  static SocketAddress decode(MemorySegment from, int bytes) {
    int family = bytes < FAMILY_BYTES ? AF_UNIX : from.get(FAMILY, 0);
    return switch (family) {
      case AF_INET -> internet(from, 4, 4, 0);
      case AF_INET6 -> internet(from, 8, 16, from.get(INT, 24));
      case AF_UNIX -> unix(from, bytes);
      default ->
          throw new IllegalArgumentException(
              "family: %d (expected: %d, %d or %d)".formatted(family, AF_UNIX, AF_INET, AF_INET6));
    };
  }

  private static SocketAddress internet(MemorySegment from, int at, int length, int scope) {
    byte[] ip = from.asSlice(at, length).toArray(JAVA_BYTE);
    int port = Short.toUnsignedInt(from.get(PORT, 2));
    try {
      InetAddress address =
          scope == 0
              ? InetAddress.getByAddress(ip)
              : Inet6Address.getByAddress(/* host= */ null, ip, scope);
      return new InetSocketAddress(address, port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("address: " + length + " bytes (expected: 4 or 16)", e);
    }
  }

  /** A peer that has bound no path has none. */
  private static SocketAddress unix(MemorySegment from, int bytes) {
    int end = FAMILY_BYTES;
    while (end < bytes && from.get(JAVA_BYTE, end) != 0) {
      end++;
    }
    byte[] path = from.asSlice(FAMILY_BYTES, Math.max(0, end - FAMILY_BYTES)).toArray(JAVA_BYTE);
    return UnixDomainSocketAddress.of(new String(path, UTF_8));
  }

  private static InetAddress resolved(InetSocketAddress address) {
    if (address.isUnresolved()) {
      throw new UnresolvedAddressException();
    }
    return address.getAddress();
  }

  private static IllegalArgumentException unknown(SocketAddress address) {
    return new IllegalArgumentException(
        "address: " + address + " (expected: an internet or a Unix-domain address)");
  }

  private SocketAddresses() {}
}
