package dev.sluice.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * How one release of the demo must end.
 *
 * @param name the candidate version
 * @param outcome the word it must end with
 * @param stages where it may end; empty: it passes them all
 * @param deciders gates, or other causes, that may decide; empty: none may
 * @param usersMaySeeErrors whether user-visible errors belong to the story
 */
record Expectation(
    String name,
    String outcome,
    Set<String> stages,
    Set<String> deciders,
    boolean usersMaySeeErrors) {

  /** The releases in their order. */
  static final List<Expectation> ALL =
      List.of(
          succeeds("v2"),
          ends("slow", "rolled-back", Set.of("shadow"), Set.of("latency")),
          ends("worse", "rolled-back", Set.of("shadow"), Set.of("quality")),
          ends(
              "schema",
              "rejected",
              Set.of("synthetic"),
              Set.of("contract", "fallback-compatibility")),
          ends("hog", "rejected", Set.of("staging", "synthetic"), Set.of("gpu-memory")),
          new Expectation("late", "rolled-back", Set.of("canary"), Set.of("output-validity"), true),
          ends("dies", "rolled-back", Set.of("canary"), Set.of("candidate-died")));

  private static Expectation succeeds(String name) {
    return new Expectation(name, "succeeded", Set.of(), Set.of(), false);
  }

  private static Expectation ends(
      String name, String outcome, Set<String> stages, Set<String> deciders) {
    return new Expectation(name, outcome, stages, deciders, false);
  }

  /** The expectations for these releases, in the demo's order. */
  static List<Expectation> only(Set<String> names) {
    List<String> known = ALL.stream().map(Expectation::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "no release '" + name + "' in the demo; there are " + String.join(", ", known));
      }
    }
    return ALL.stream().filter(e -> names.isEmpty() || names.contains(e.name())).toList();
  }

  /** What is not as it must be, a sentence each; empty if all is. */
  List<String> differences(Result result) {
    List<String> differences = new ArrayList<>();
    if (!result.outcome().equals(outcome)) {
      differences.add("must be " + outcome + ", was " + result.outcome());
    }
    if (!stages.isEmpty() && !stages.contains(result.stage())) {
      differences.add("must end in " + sorted(stages) + ", ended in '" + result.stage() + "'");
    }
    List<String> by = Arrays.stream(result.decidingGate().split("[,\\s]+", -1)).toList();
    if (!deciders.isEmpty() && !deciders.containsAll(by)) {
      differences.add(
          "must be decided by " + sorted(deciders) + ", was by '" + result.decidingGate() + "'");
    }
    if (!usersMaySeeErrors && result.userErrors() > 0) {
      differences.add("no user may see an error, " + result.userErrors() + " did");
    }
    return differences;
  }

  private static String sorted(Set<String> words) {
    return String.join(" or ", words.stream().sorted().toList());
  }
}
