/** Tests of what is found before a node is started. */
@NullMarked
package dev.kantele.cluster.doctor;

import org.jspecify.annotations.NullMarked;
