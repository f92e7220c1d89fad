/**
 * Models as parts: start at {@link dev.kantele.runtime.model.ModelProvider}. A provider's source
 * runs in its stream actor.
 */
@NullMarked
package dev.kantele.runtime.model;

import org.jspecify.annotations.NullMarked;
