/**
 * The provider {@code scripted}: models that follow a script, for demonstrations, load tests and
 * tests. Start at {@link dev.kantele.runtime.model.scripted.Script}; docs/scripted-models.md has
 * the format of script files. Scripts are values; a reply is performed by its stream's own stage.
 */
@NullMarked
package dev.kantele.runtime.model.scripted;

import org.jspecify.annotations.NullMarked;
