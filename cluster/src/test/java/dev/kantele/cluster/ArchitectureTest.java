package dev.kantele.cluster;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Clock;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that hold for all modules; this one is the only module that sees them all. */
class ArchitectureTest {

  private static final String PROTOCOL = "dev.kantele.protocol..";
  private static final String RUNTIME = "dev.kantele.runtime..";
  private static final String TOOLS = "dev.kantele.tools..";
  private static final String TESTKIT = "dev.kantele.testkit..";
  private static final String CLUSTER = "dev.kantele.cluster..";

  private static final JavaClasses KANTELE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.kantele");

  /** Itself; exceptions and enums inherit it, and nobody can help that. */
  private static final DescribedPredicate<JavaClass> IMPLEMENTS_SERIALIZABLE =
      describe(
          "implement Serializable",
          type ->
              type.getRawInterfaces().stream()
                  .anyMatch(implemented -> implemented.isEquivalentTo(Serializable.class)));

  /** A rule about no classes never fails, so the other tests mean nothing without this one. */
  @ParameterizedTest
  @CsvSource({"protocol, 20", "runtime, 20", "tools, 1", "testkit, 20", "cluster, 20"})
  void the_rules_see_the_classes_of_each_module(String module, int atLeast) {
    String name = "dev.kantele." + module;
    assertThat(KANTELE.stream().map(JavaClass::getPackageName))
        .filteredOn(packageName -> (packageName + ".").startsWith(name + "."))
        .hasSizeGreaterThanOrEqualTo(atLeast);
  }

  @Nested
  class Modules {

    @Test
    void the_protocol_needs_jackson_and_nothing_else_beside_the_jdk() {
      classes()
          .that()
          .resideInAPackage(PROTOCOL)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              PROTOCOL,
              "java..",
              "javax.net.ssl..",
              "com.fasterxml.jackson..",
              "org.jspecify.annotations..")
          .check(KANTELE);
    }

    @Test
    void the_runtime_knows_neither_tools_nor_testkit_nor_cluster() {
      noClasses()
          .that()
          .resideInAPackage(RUNTIME)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(TOOLS, TESTKIT, CLUSTER)
          .check(KANTELE);
    }

    @Test
    void nothing_that_is_deployed_knows_the_testkit() {
      noClasses()
          .that()
          .resideOutsideOfPackage(TESTKIT)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(TESTKIT)
          .check(KANTELE);
    }

    @Test
    void the_testkit_knows_neither_tools_nor_cluster() {
      noClasses()
          .that()
          .resideInAPackage(TESTKIT)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(TOOLS, CLUSTER)
          .check(KANTELE);
    }

    @Test
    void the_tools_do_not_know_the_cluster() {
      noClasses()
          .that()
          .resideInAPackage(TOOLS)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(CLUSTER)
          .check(KANTELE);
    }
  }

  @Nested
  class Packages {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "dev.kantele.(*)..",
          "dev.kantele.protocol.(*)..",
          "dev.kantele.runtime.(*)..",
          "dev.kantele.testkit.(*)..",
          "dev.kantele.cluster.(*).."
        })
    void they_form_no_cycles(String slices) {
      slices().matching(slices).should().beFreeOfCycles().allowEmptyShould(true).check(KANTELE);
    }

    @Test
    void each_is_null_marked() {
      Set<String> unmarked =
          KANTELE.stream()
              .map(JavaClass::getPackage)
              .filter(javaPackage -> !javaPackage.isAnnotatedWith(NullMarked.class))
              .map(JavaPackage::getName)
              .collect(toCollection(TreeSet::new));
      assertThat(unmarked).as("packages without @NullMarked in their package-info").isEmpty();
    }
  }

  @Nested
  class Habits {

    @Test
    void nobody_sleeps() {
      noClasses()
          .should()
          .accessTargetWhere(
              describe(
                  "it is a sleep",
                  access ->
                      access.getName().equals("sleep")
                          && (isOwnedBy(access, Thread.class)
                              || isOwnedBy(access, TimeUnit.class))))
          .because("a timer wakes an actor, and a test moves the time")
          .check(KANTELE);
    }

    @Test
    void only_the_cluster_and_the_ticker_of_loops_read_the_clock_of_the_system() {
      noClasses()
          .that()
          .resideOutsideOfPackage(CLUSTER)
          .and()
          // Pekko makes the dispatchers by the names of their classes, and hands them no clock.
          .doNotHaveFullyQualifiedName("dev.kantele.runtime.poller.Ticker")
          .should()
          .accessTargetWhere(readsTheClock())
          .because("whoever needs the time is given a Clock, so that tests can move it")
          .check(KANTELE);
    }

    @Test
    void only_the_cluster_prints() {
      noClasses()
          .that()
          .resideOutsideOfPackage(CLUSTER)
          .should(ACCESS_STANDARD_STREAMS)
          .check(KANTELE);
    }

    @Test
    void nobody_logs_by_java_util_logging() {
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.util.logging..")
          .because("logs go through SLF4J")
          .check(KANTELE);
    }

    @Test
    void nothing_is_serialized_the_way_of_java() {
      noClasses()
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(ObjectInputStream.class, ObjectOutputStream.class)
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("org.apache.pekko.serialization.JavaSerializer")
          .orShould(ArchCondition.from(IMPLEMENTS_SERIALIZABLE))
          .check(KANTELE);
    }

    private static DescribedPredicate<JavaAccess<?>> readsTheClock() {
      return describe(
          "it reads the clock of the system",
          access ->
              switch (access.getTarget().getOwner().getName()) {
                case "java.lang.System" ->
                    access.getName().equals("currentTimeMillis")
                        || access.getName().equals("nanoTime");
                case "java.util.Date" -> isConstructorWithoutParameters(access.getTarget());
                case String owner when owner.startsWith("java.time.") ->
                    access.getName().equals("now") && !takesAClock(access.getTarget());
                default -> false;
              });
    }

    private static boolean isConstructorWithoutParameters(AccessTarget target) {
      return target instanceof CodeUnitAccessTarget unit
          && unit.getName().equals(JavaConstructor.CONSTRUCTOR_NAME)
          && unit.getRawParameterTypes().isEmpty();
    }

    private static boolean takesAClock(AccessTarget target) {
      return target instanceof CodeUnitAccessTarget unit
          && unit.getRawParameterTypes().stream()
              .anyMatch(type -> type.isEquivalentTo(Clock.class));
    }

    private static boolean isOwnedBy(JavaAccess<?> access, Class<?> owner) {
      return access.getTarget().getOwner().isAssignableTo(owner);
    }
  }
}
