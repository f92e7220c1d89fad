package dev.kantele.runtime.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kantele.runtime.poller.LoopSettings.TimerClamp;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoopSettingsTest {
  private final LoopSettings settings = LoopSettings.of("loop");

  @Test
  void are_the_same_under_another_name() {
    assertThat(settings.named("other").named("loop")).isEqualTo(settings);
    assertThat(settings.named("other").name()).isEqualTo("other");
  }

  @Test
  void have_room_for_a_task_at_least() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LoopRig.with(settings, 0, Duration.ZERO))
        .withMessage("tasksPerTick: 0 (expected: 1..1000000)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LoopRig.with(settings, 1, Duration.ofNanos(-1)))
        .withMessage("tickBudget: PT-0.000000001S (expected: 0..)");
  }

  @Test
  void sample_by_powers_of_two() {
    assertThat(LoopRig.sampled(settings, 0).sampleEvery()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LoopRig.sampled(settings, 3))
        .withMessage("sampleEvery: 3 (expected: 0 or a power of two)");
    assertThatIllegalArgumentException().isThrownBy(() -> LoopRig.sampled(settings, -64));
  }

  @Test
  void clamp_timers_of_some_depth_to_some_time() {
    assertThat(TimerClamp.STANDARD).isEqualTo(new TimerClamp(5, Duration.ofMillis(4)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TimerClamp(-1, Duration.ZERO))
        .withMessage("depth: -1 (expected: 0..)");
  }
}
