package dev.kantele.protocol;

import java.util.Optional;
import java.util.OptionalDouble;

/** How far a tool call has come, in the tool's own unit. */
public record Progress(OptionalDouble done, OptionalDouble total, Optional<String> message) {}
