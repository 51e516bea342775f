package dev.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectationTest {
  private static Expectation of(String name) {
    return Expectation.only(Set.of(name)).getFirst();
  }

  private static Result result(String name, String outcome, String stage, String by, long errors) {
    return new Result(name, outcome, stage, by, 100, errors, null, null, "because");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v2 | succeeded | '' | '' | 0",
        "slow | rolled-back | shadow | latency | 0",
        "worse | rolled-back | shadow | quality | 0",
        "schema | rejected | synthetic | contract | 0",
        "schema | rejected | synthetic | contract, fallback-compatibility | 0",
        "hog | rejected | staging | gpu-memory | 0",
        "hog | rejected | synthetic | gpu-memory | 0",
        "late | rolled-back | canary | output-validity | 17",
        "dies | rolled-back | canary | candidate-died | 0",
      })
  void endsAsTheStoryHasIt(String name, String outcome, String stage, String by, long errors) {
    assertThat(of(name).differences(result(name, outcome, stage, by, errors))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v2 | rolled-back | canary | latency | 0 | must be succeeded, was rolled-back",
        "v2 | succeeded | '' | '' | 1 | no user may see an error, 1 did",
        "v2 | unfinished | canary | '' | 0 | must be succeeded, was unfinished",
        "slow | rolled-back | canary | latency | 0 | must end in shadow, ended in 'canary'",
        "worse | rolled-back | shadow | latency | 0 | must be decided by quality, was by 'latency'",
        "worse | rolled-back | shadow | latency, quality | 0 | must be decided by quality, was by 'latency, quality'",
        "hog | rolled-back | staging | gpu-memory | 0 | must be rejected, was rolled-back",
        "dies | rolled-back | canary | errors | 0 | must be decided by candidate-died, was by 'errors'",
        "dies | rolled-back | canary | candidate-died | 2 | no user may see an error, 2 did",
      })
  void anythingElseIsADifference(
      String name, String outcome, String stage, String by, long errors, String difference) {
    assertThat(of(name).differences(result(name, outcome, stage, by, errors)))
        .containsExactly(difference);
  }

  @Test
  void picksInTheStorysOrder() {
    assertThat(Expectation.only(Set.of("late", "slow")))
        .extracting(Expectation::name)
        .containsExactly("slow", "late");
    assertThat(Expectation.only(Set.of())).hasSize(7);
    assertThatThrownBy(() -> Expectation.only(Set.of("fast")))
        .hasMessageStartingWith("no release 'fast' in the demo; there are v2, slow,");
  }

  @Test
  void reportMissesWhatDidNotRunAndErrorsBetweenReleases() {
    Report report =
        new Report(
            List.of(
                result("v2", "succeeded", "", "", 0),
                result("late", "rolled-back", "canary", "output-validity", 9)),
            1_000,
            11);

    assertThat(report.differences(Expectation.only(Set.of("v2", "late", "dies"))))
        .containsExactly("dies: did not run", "between releases: no user may see an error, 2 did");
  }
}
