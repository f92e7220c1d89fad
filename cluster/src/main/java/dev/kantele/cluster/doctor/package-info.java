/**
 * Finds out what would keep a node from working, before it is started or beside it: start at {@link
 * dev.kantele.cluster.doctor.Doctor}. Run by the thread that asks; changes nothing.
 */
@NullMarked
package dev.kantele.cluster.doctor;

import org.jspecify.annotations.NullMarked;
