/**
 * Agents: a model with instructions, tools and limits, under a name. Values only; start at {@link
 * dev.kantele.runtime.agent.Agents}.
 */
@NullMarked
package dev.kantele.runtime.agent;

import org.jspecify.annotations.NullMarked;
