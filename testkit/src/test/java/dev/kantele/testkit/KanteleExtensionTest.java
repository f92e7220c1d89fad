package dev.kantele.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.runtime.Kantele;
import dev.kantele.runtime.Session;
import dev.kantele.testkit.world.World;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@KanteleTest(seed = 11)
final class KanteleExtensionTest {
  private static final Set<Long> SEEDS = new HashSet<>();

  @Test
  void all_parts_are_of_one_node(
      TestNode node,
      ScriptedModel model,
      VirtualTime time,
      Faults faults,
      World world,
      Kantele kantele,
      Session session) {
    assertThat(node.model()).isSameAs(model);
    assertThat(node.time()).isSameAs(time);
    assertThat(node.faults()).isSameAs(faults);
    assertThat(node.world()).isSameAs(world);
    assertThat(node.kantele()).isSameAs(kantele);
    assertThat(session.id().value()).isEqualTo("session");
    assertThat(world.seed()).isEqualTo(Long.getLong("kantele.testkit.seed", 11));
  }

  @RepeatedTest(3)
  void each_repetition_has_a_seed_of_its_own(World world) {
    SEEDS.add(world.seed());
  }

  @AfterAll
  static void there_were_three() {
    if (Long.getLong("kantele.testkit.seed") == null) {
      assertThat(SEEDS).containsExactlyInAnyOrder(11L, 12L, 13L);
    }
  }

  @Nested
  class InNestedClasses {
    @Test
    void the_seed_is_that_of_the_class_around(World world) {
      assertThat(world.seed()).isEqualTo(Long.getLong("kantele.testkit.seed", 11));
    }

    @Test
    @KanteleTest(seed = 99)
    void a_method_may_have_its_own(World world) {
      assertThat(world.seed()).isEqualTo(Long.getLong("kantele.testkit.seed", 99));
    }
  }
}
