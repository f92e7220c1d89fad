/** The examples that the documentation quotes, compiled so that they stay true. */
@NullMarked
package dev.kantele.docs;

import org.jspecify.annotations.NullMarked;
