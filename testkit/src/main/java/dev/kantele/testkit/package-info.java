/**
 * A kit for tests of agents: a node whose model follows a script, whose time moves when a test says
 * so, that can be crashed at a named point, and whose log can be asserted. Start at {@link
 * dev.kantele.testkit.KanteleTest}, or without JUnit at {@link dev.kantele.testkit.TestNode}.
 * Everything is confined to the test's thread, on which the node runs while the test waits.
 */
@NullMarked
package dev.kantele.testkit;

import org.jspecify.annotations.NullMarked;
