/**
 * The provider {@code google}: the Gemini API. Start at {@link
 * dev.kantele.runtime.model.google.GoogleProvider}; what is sent is in {@code GenerateRequest},
 * what comes back in {@code GenerateReader}. The wire is described at <a
 * href="https://ai.google.dev/api/generate-content">ai.google.dev</a>.
 */
@NullMarked
package dev.kantele.runtime.model.google;

import org.jspecify.annotations.NullMarked;
