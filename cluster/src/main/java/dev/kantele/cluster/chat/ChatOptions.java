package dev.kantele.cluster.chat;

import dev.kantele.cluster.render.Style;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a chat begins.
 *
 * @param agent the agent of new sessions; by default the node's
 * @param model the model of the prompts; by default the agent's
 * @param history the file of earlier lines; empty for none
 * @param style what the terminal shows
 */
public record ChatOptions(
    Optional<String> agent, Optional<String> model, Optional<Path> history, Style style) {}
