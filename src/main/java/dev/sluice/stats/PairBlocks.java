package dev.sluice.stats;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Differences of pairs, added up over blocks of time. What a version does for a moment (a
 * collection of garbage, a compilation, a neighbour on its core) it does to all its answers of that
 * moment, so that the pairs of a moment aren't independent of each other. A block of them is
 * exchangeable whatever they share: if the versions are alike, the whole block could as well have
 * gone the other way. Its standardised sum
 *
 * <pre>
 *   B = sum(clip(D)) / sqrt(n)     of the n pairs that began within the block
 * </pre>
 *
 * <p>is then symmetric about a centre &le; 0, which is all that {@link SymmetricKernel} asks of
 * what it is given; were the pairs independent, its standard deviation would be that of one pair. A
 * block's factor stays below 2, so that no moment, however long its queue, says more than ln 2.
 *
 * <p>Source: design section 7, dependence (c). Simulated on recorded pairs of two equal servers
 * beside two compilers on two cores, whose per-pair variance is 15 times that of independent ones:
 * no alarm in 400 runs at blocks of 100 ms, 5 in 400 with the evidence of single pairs divided by
 * 5.
 */
public final class PairBlocks {
  private final double clip;

  /**
   * @param clip largest |D| of a pair that counts as such, in units of the scale; positive
   */
  public PairBlocks(double clip) {
    this.clip = Require.positive("clip", clip);
  }

  /**
   * B of each block, in no particular order.
   *
   * @param blocks which block each pair began in
   * @param differences D of each pair, already divided by the scale; not NaN
   */
  public double[] sums(long[] blocks, double[] differences) {
    Require.size("differences", differences.length, blocks.length);
    Map<Long, double[]> sums = new HashMap<>();
    for (int i = 0; i < differences.length; i++) {
      double[] sum = sums.computeIfAbsent(blocks[i], block -> new double[2]);
      sum[0] += Math.clamp(differences[i], -clip, clip);
      sum[1]++;
    }
    return sums.values().stream().mapToDouble(sum -> sum[0] / Math.sqrt(sum[1])).toArray();
  }

  /** Which of so many blocks of equal length each of {@code pairs} evenly spaced pairs is in. */
  public static long[] even(int pairs, double blocks) {
    return IntStream.range(0, pairs).mapToLong(i -> (long) (i * blocks / pairs)).toArray();
  }
}
