package dev.kantele.testkit;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.Kantele;
import dev.kantele.runtime.Session;
import dev.kantele.testkit.world.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.platform.commons.support.AnnotationSupport;

/** Does what {@link KanteleTest} says. */
final class KanteleExtension
    implements ParameterResolver, AfterEachCallback, TestExecutionExceptionHandler {
  /** The system property that sets the seed of all tests. */
  private static final String SEED = "kantele.testkit.seed";

  private static final Pattern REPETITION = Pattern.compile("test-template-invocation:#(\\d+)");
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(KanteleExtension.class);
  private static final String NODE = "node";

  private static final Map<Class<?>, Function<TestNode, Object>> PARTS =
      Map.of(
          TestNode.class,
          node -> node,
          ScriptedModel.class,
          TestNode::model,
          VirtualTime.class,
          TestNode::time,
          Faults.class,
          TestNode::faults,
          World.class,
          TestNode::world,
          Kantele.class,
          TestNode::kantele,
          Session.class,
          node -> node.open("session"));

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return PARTS.containsKey(parameter.getParameter().getType())
        && context.getTestMethod().isPresent();
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return requireNonNull(PARTS.get(parameter.getParameter().getType())).apply(node(context));
  }

  private static TestNode node(ExtensionContext context) {
    ExtensionContext.Store store = context.getStore(NAMESPACE);
    TestNode node = store.get(NODE, TestNode.class);
    if (node == null) {
      node = TestNode.of(seed(context));
      store.put(NODE, node);
    }
    return node;
  }

  private static long seed(ExtensionContext context) {
    Long given = Long.getLong(SEED);
    if (given != null) {
      return given;
    }
    Matcher repetition = REPETITION.matcher(context.getUniqueId());
    long offset = repetition.find() ? Long.parseLong(repetition.group(1)) - 1 : 0;
    return annotation(context).seed() + offset;
  }

  private static KanteleTest annotation(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getElement(), KanteleTest.class)
        .or(() -> context.getTestClass().flatMap(KanteleExtension::annotationOfClass))
        .orElseThrow(
            () -> new IllegalStateException("@KanteleTest (expected: on class or method)"));
  }

  private static Optional<KanteleTest> annotationOfClass(Class<?> type) {
    for (Class<?> at = type; at != null; at = at.getEnclosingClass()) {
      var found = AnnotationSupport.findAnnotation(at, KanteleTest.class);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    failure.addSuppressed(new Replay(seed(context)));
    throw failure;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    TestNode node = context.getStore(NAMESPACE).get(NODE, TestNode.class);
    if (node == null) {
      return;
    }
    List<String> violations = node.violations();
    List<String> strays = node.world().strays();
    node.close();
    if (!strays.isEmpty()) {
      context.publishReportEntry(
          "kantele.testkit", "Not all ran on the test's thread, but also on " + strays);
    }
    if (annotation(context).checkRules()
        && context.getExecutionException().isEmpty()
        && !violations.isEmpty()) {
      var broken = new AssertionError("The log breaks rules:\n" + String.join("\n", violations));
      broken.addSuppressed(new Replay(seed(context)));
      throw broken;
    }
  }

  /** Says how to see a failure again. */
  private static final class Replay extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Replay(long seed) {
      super(
          "The same again: -D" + SEED + "=" + seed,
          /* cause= */ null,
          /* enableSuppression= */ false,
          /* writableStackTrace= */ false);
    }
  }
}
