/** Holds the pages to the code that they quote, and runs the examples. */
@NullMarked
package dev.kantele.docs;

import org.jspecify.annotations.NullMarked;
