package dev.sluice.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

class PairBlocksTest {
  private static final SymmetricKernel KERNEL = SymmetricKernel.fail();
  private static final PairBlocks BLOCKS = new PairBlocks(5);

  /** Which of three moments each of eight pairs began in. */
  private static final long[] MOMENTS = {0, 0, 0, 0, 1, 1, 1, 2};

  @Property(tries = 200)
  void whateverTheMomentsOfAlikeVersionsShareTheFactorsHaveMeanOne(
      @ForAll @Size(8) List<@DoubleRange(min = -20, max = 20) Double> differences) {
    double[] means = means(differences, d -> KERNEL.logIncrements(BLOCKS.sums(MOMENTS, d)));
    for (double mean : means) {
      assertThat(mean).isCloseTo(1, within(1e-9));
    }
  }

  @Example
  void pairByPairTheyWouldNot() {
    List<Double> shared = List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0);
    assertThat(Arrays.stream(means(shared, KERNEL::logIncrements)).max().orElseThrow())
        .isGreaterThan(2);
  }

  @Example
  void aBlockIsTheStandardisedSumOfItsPairsEachCut() {
    assertThat(BLOCKS.sums(new long[] {7, 9, 7, 7, 7}, new double[] {1, -3, 2, 100, -4}))
        .containsExactlyInAnyOrder((1 + 2 + 5 - 4) / 2.0, -3);
    assertThat(BLOCKS.sums(new long[0], new double[0])).isEmpty();
  }

  @Example
  void evenlySpacedPairsFillTheBlocksAlike() {
    assertThat(PairBlocks.even(6, 3)).containsExactly(0, 0, 1, 1, 2, 2);
    assertThat(PairBlocks.even(2, 10)).containsExactly(0, 5);
  }

  private interface Increments {
    double[] of(double[] differences);
  }

  /** Over all ways in which the versions may have changed places in whole moments. */
  private static double[] means(List<Double> differences, Increments increments) {
    double[] means = new double[KERNEL.prior().size()];
    for (int swapped = 0; swapped < 8; swapped++) {
      double[] seen = new double[MOMENTS.length];
      for (int i = 0; i < seen.length; i++) {
        seen[i] = (swapped >> MOMENTS[i] & 1) == 0 ? differences.get(i) : -differences.get(i);
      }
      double[] logs = increments.of(seen);
      for (int j = 0; j < means.length; j++) {
        means[j] += Math.exp(logs[j]) / 8;
      }
    }
    return means;
  }
}
