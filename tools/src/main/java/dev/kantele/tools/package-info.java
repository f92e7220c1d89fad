/** The tools that Kantele brings along, and the bridges to foreign ones. */
@NullMarked
package dev.kantele.tools;

import org.jspecify.annotations.NullMarked;
