/**
 * A session under a thousand kinds of misfortune, in virtual time and without a thread: {@link
 * dev.kantele.runtime.session.simulation.Simulation} plays one schedule, which its seed decides;
 * {@link dev.kantele.runtime.session.simulation.SimulationTest} plays many.
 */
@NullMarked
package dev.kantele.runtime.session.simulation;

import org.jspecify.annotations.NullMarked;
