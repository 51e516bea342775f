package dev.sluice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What each package may know, and a few words that have no place here. */
class HouseTest {
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.sluice");

  /** Each package, and the rooms of ours it may enter. The program itself knows them all. */
  private static final Map<String, List<String>> MAY_KNOW =
      Map.ofEntries(
          Map.entry("model", List.of()),
          Map.entry("stats", List.of()),
          Map.entry("lifecycle", List.of("model")),
          Map.entry("signal", List.of("model", "stats")),
          Map.entry("gate", List.of("model", "stats", "signal")),
          Map.entry("router", List.of("model", "stats")),
          Map.entry("workload", List.of("model")),
          Map.entry("traffic", List.of("model", "router", "signal")),
          Map.entry("json", List.of("model")),
          Map.entry("recording", List.of("model", "signal", "json")),
          Map.entry("store", List.of("model", "json")),
          Map.entry(
              "control",
              List.of(
                  "model",
                  "lifecycle",
                  "gate",
                  "signal",
                  "recording",
                  "workload",
                  "traffic",
                  "store")),
          Map.entry("plan", List.of("model", "stats", "gate", "signal")),
          Map.entry("intake", List.of("model", "gate", "signal", "recording", "store", "plan")),
          Map.entry("web", List.of("model", "gate", "store", "intake")),
          Map.entry("telemetry", List.of("model", "control", "store", "intake", "router")),
          Map.entry("sample", List.of()),
          Map.entry("backtest", List.of("model", "gate", "recording", "control", "intake")),
          Map.entry(
              "cli",
              List.of(
                  "model",
                  "recording",
                  "control",
                  "backtest",
                  "intake",
                  "demo",
                  "sample",
                  "bench")),
          Map.entry("demo", List.of("cli")),
          Map.entry("bench", List.of("model", "stats", "gate", "signal", "router", "cli")));

  @TestFactory
  Stream<DynamicTest> everyPackageKnowsOnlyWhatItMay() {
    return MAY_KNOW.entrySet().stream()
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.getKey(),
                    () -> {
                      String[] forbidden =
                          MAY_KNOW.keySet().stream()
                              .filter(p -> !p.equals(e.getKey()) && !e.getValue().contains(p))
                              .map(p -> "dev.sluice." + p + "..")
                              .toArray(String[]::new);
                      noClasses()
                          .that()
                          .resideInAPackage("dev.sluice." + e.getKey() + "..")
                          .should()
                          .dependOnClassesThat()
                          .resideInAnyPackage(forbidden)
                          .check(ALL);
                    }));
  }

  @Test
  void everyPackageHasItsRule() {
    ArchCondition<JavaClass> beRuled =
        new ArchCondition<>("be in a package with a rule") {
          @Override
          public void check(JavaClass item, ConditionEvents events) {
            String name = item.getPackageName();
            boolean ruled =
                name.equals("dev.sluice")
                    || MAY_KNOW.containsKey(name.replaceFirst("dev\\.sluice\\.(\\w+).*", "$1"));
            events.add(new SimpleConditionEvent(item, ruled, name + " has no rule here"));
          }
        };
    classes().should(beRuled).check(ALL);
  }

  @Test
  void theCoreKnowsOnlyJava() {
    classes()
        .that()
        .resideInAnyPackage("dev.sluice.model..", "dev.sluice.lifecycle..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "org.jspecify..", "dev.sluice.model..", "dev.sluice.lifecycle..")
        .check(ALL);
  }

  @Test
  void theLoopKnowsNeitherDatabaseNorWeb() {
    noClasses()
        .that()
        .resideInAPackage("dev.sluice.control..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "jakarta.persistence..", "jakarta.ws.rs..", "io.fabric8..", "io.vertx..")
        .check(ALL);
  }

  @Test
  void onlyWhatRunsVersionsAndSplitsTrafficKnowsTheCluster() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.sluice", "dev.sluice.workload.kube..", "dev.sluice.traffic..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.fabric8..")
        .check(ALL);
  }

  @Test
  void timeIsAParameterInTheCore() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.sluice.model..",
            "dev.sluice.lifecycle..",
            "dev.sluice.gate..",
            "dev.sluice.stats..",
            "dev.sluice.plan..",
            "dev.sluice.control..",
            "dev.sluice.store..",
            "dev.sluice.intake..")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemDefaultZone")
        .check(ALL);
  }

  @Test
  void noRoomIsCalledAfterNothing() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .check(ALL);
  }
}
