/**
 * A server that speaks a vendor's wire from a script, with faults: start at {@link
 * dev.kantele.testkit.provider.FakeProvider}; what a vendor's wire looks like is a {@link
 * dev.kantele.testkit.provider.Wire}. Two virtual threads for each connection; in real time, since
 * it has real sockets.
 */
@NullMarked
package dev.kantele.testkit.provider;

import org.jspecify.annotations.NullMarked;
