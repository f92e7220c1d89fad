package dev.kantele.runtime.model;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The model providers of a node, by name. Immutable. */
public final class ModelProviders {
  /** What became of looking up a model reference. */
  public sealed interface Resolution {
    /** There is such a model: {@code model} is the part of the reference after the slash. */
    record Found(ModelProvider provider, String model) implements Resolution {
      public Found {
        requireNonNull(provider, "provider");
        requireNonNull(model, "model");
      }
    }

    /** There is none; {@code message} is one plain sentence that says what there is. */
    record NotFound(String message) implements Resolution {
      public NotFound {
        requireNonNull(message, "message");
      }
    }
  }

  private static final int LISTED_MODELS = 20;

  private final SortedMap<String, ModelProvider> providers = new TreeMap<>();

  private ModelProviders(Collection<? extends ModelProvider> providers) {
    for (ModelProvider provider : providers) {
      String name = provider.name();
      if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
        throw new IllegalArgumentException(
            "model provider: '" + name + "' (expected: 1..64 characters of A-Za-z0-9._-)");
      }
      if (this.providers.putIfAbsent(name, provider) != null) {
        throw new IllegalArgumentException(
            "model provider: '" + name + "' is there twice (expected: one of each name)");
      }
    }
  }

  /** The given providers, whose names must differ. */
  public static ModelProviders of(Collection<? extends ModelProvider> providers) {
    return new ModelProviders(providers);
  }

  /** One provider of each {@link ModelProviderFactory} on the class path. */
  public static ModelProviders load(Config kanteleConfig, Clock clock) {
    return of(
        ServiceLoader.load(ModelProviderFactory.class).stream()
            .map(factory -> factory.get().create(kanteleConfig, clock))
            .toList());
  }

  /** Returns the registry with {@code more} providers, whose names must be new. */
  public ModelProviders and(Collection<? extends ModelProvider> more) {
    return of(Stream.concat(providers.values().stream(), more.stream()).toList());
  }

  /** The provider called {@code name}. */
  public Optional<ModelProvider> provider(String name) {
    return Optional.ofNullable(providers.get(name));
  }

  /** Looks up {@code reference}, as in {@code scripted/demo}: a provider, a slash, its model. */
  public Resolution resolve(String reference) {
    int slash = reference.indexOf('/');
    if (slash < 0) {
      return new Resolution.NotFound(
          "'%s' is not a model reference (expected: provider/model; there is: %s)"
              .formatted(shortened(reference), listed(list(), "no model")));
    }
    ModelProvider provider = providers.get(reference.substring(0, slash));
    if (provider == null) {
      return new Resolution.NotFound(
          "There is no model provider '%s' (expected: one of %s)"
              .formatted(
                  shortened(reference.substring(0, slash)),
                  listed(List.copyOf(providers.keySet()), "none")));
    }
    String model = reference.substring(slash + 1);
    if (!provider.has(model)) {
      return new Resolution.NotFound(
          "There is no model '%s' (expected: one of %s)"
              .formatted(shortened(reference), listed(references(provider), "none")));
    }
    return new Resolution.Found(provider, model);
  }

  /** Every model that the providers know of, as {@code provider/model}, sorted. */
  public List<String> list() {
    return providers.values().stream()
        .flatMap(provider -> references(provider).stream())
        .sorted()
        .toList();
  }

  private static List<String> references(ModelProvider provider) {
    return provider.models().stream().map(model -> provider.name() + "/" + model).sorted().toList();
  }

  private static String listed(List<String> names, String ifNone) {
    if (names.isEmpty()) {
      return ifNone;
    }
    String shown = names.stream().limit(LISTED_MODELS).collect(Collectors.joining(", "));
    int left = names.size() - LISTED_MODELS;
    return left > 0 ? shown + " and " + left + " more" : shown;
  }

  private static String shortened(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "…";
  }
}
