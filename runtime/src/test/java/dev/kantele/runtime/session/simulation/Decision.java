package dev.kantele.runtime.session.simulation;

import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.SessionState;
import dev.kantele.runtime.session.Step;
import java.util.Optional;

/** What came of an input; without one where the shell itself writes something. */
record Decision(SessionState before, Optional<Input> input, Step step) {}
