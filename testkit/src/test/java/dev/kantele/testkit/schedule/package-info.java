/**
 * Random schedules of a whole node with its transport, its clients and its tools, held against the
 * rules of the protocol: start at {@link dev.kantele.testkit.schedule.ScheduleTest}. A schedule
 * follows from its seed.
 */
@NullMarked
package dev.kantele.testkit.schedule;

import org.jspecify.annotations.NullMarked;
