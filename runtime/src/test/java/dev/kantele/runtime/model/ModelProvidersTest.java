package dev.kantele.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.runtime.model.ModelProviders.Resolution;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;

class ModelProvidersTest {
  private final ModelProvider vendor = new FixedProvider("vendor", List.of("small", "large"));
  private final ModelProvider other = new FixedProvider("other", List.of("a/b"));
  private final ModelProviders providers = ModelProviders.of(List.of(vendor, other));

  @Test
  void a_model_is_found_by_provider_and_name() {
    assertThat(providers.resolve("vendor/large")).isEqualTo(new Resolution.Found(vendor, "large"));
  }

  @Test
  void the_first_slash_ends_the_providers_name() {
    assertThat(providers.resolve("other/a/b")).isEqualTo(new Resolution.Found(other, "a/b"));
  }

  @Test
  void an_unlisted_model_is_found_if_its_provider_has_it() {
    ModelProvider open =
        new FixedProvider("open", List.of()) {
          @Override
          public boolean has(String model) {
            return true;
          }
        };

    assertThat(ModelProviders.of(List.of(open)).resolve("open/any"))
        .isEqualTo(new Resolution.Found(open, "any"));
  }

  @Test
  void the_answer_to_an_unknown_model_lists_those_of_its_provider() {
    assertThat(providers.resolve("vendor/huge"))
        .isEqualTo(
            new Resolution.NotFound(
                "There is no model 'vendor/huge' (expected: one of vendor/large, vendor/small)"));
  }

  @Test
  void the_answer_to_an_unknown_provider_lists_the_providers() {
    assertThat(providers.resolve("vendr/large"))
        .isEqualTo(
            new Resolution.NotFound(
                "There is no model provider 'vendr' (expected: one of other, vendor)"));
  }

  @Test
  void the_answer_to_what_is_no_reference_lists_every_model() {
    assertThat(providers.resolve("large"))
        .isEqualTo(
            new Resolution.NotFound(
                "'large' is not a model reference (expected: provider/model; there is: other/a/b,"
                    + " vendor/large, vendor/small)"));
  }

  @Test
  void a_long_list_is_cut() {
    var many = new FixedProvider("many", IntStream.range(100, 150).mapToObj(i -> "m" + i).toList());

    assertThat(ModelProviders.of(List.of(many)).resolve("many/x"))
        .isInstanceOfSatisfying(
            Resolution.NotFound.class,
            answer -> assertThat(answer.message()).endsWith("many/m119 and 30 more)"));
  }

  @Test
  void the_list_is_sorted() {
    assertThat(providers.list()).containsExactly("other/a/b", "vendor/large", "vendor/small");
  }

  @Test
  void two_providers_of_one_name_are_refused() {
    assertThatThrownBy(() -> ModelProviders.of(List.of(vendor, vendor)))
        .hasMessage("model provider: 'vendor' is there twice (expected: one of each name)");
  }

  @Test
  void a_provider_whose_name_can_not_stand_before_a_slash_is_refused() {
    assertThatThrownBy(() -> ModelProviders.of(List.of(new FixedProvider("a/b", List.of()))))
        .hasMessage("model provider: 'a/b' (expected: 1..64 characters of A-Za-z0-9._-)");
  }

  private static class FixedProvider implements ModelProvider {
    private final String name;
    private final List<String> models;

    FixedProvider(String name, List<String> models) {
      this.name = name;
      this.models = models;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public List<String> models() {
      return models;
    }

    @Override
    public Source<ModelEvent, NotUsed> stream(ModelRequest request) {
      return Source.empty();
    }
  }
}
