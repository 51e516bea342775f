package dev.sluice.stats;

import java.util.Arrays;

/** The slope of a straight line through noisy points, deaf to outliers. */
public final class TheilSen {
  private TheilSen() {}

  /**
   * The median of the slopes between all pairs of points with different times (Theil 1950, Sen
   * 1968); time and space grow with the square of the points.
   *
   * @param times two different ones at least
   * @param values as many
   * @return in units of value per unit of time
   */
  public static double slope(double[] times, double[] values) {
    Require.size("values", values.length, times.length);
    double[] slopes = new double[Math.multiplyExact(times.length, times.length) / 2];
    int found = 0;
    for (int i = 0; i < times.length; i++) {
      Require.finite("time", times[i]);
      Require.finite("value", values[i]);
      for (int j = 0; j < i; j++) {
        if (times[i] != times[j]) {
          slopes[found++] = (values[i] - values[j]) / (times[i] - times[j]);
        }
      }
    }
    if (found == 0) {
      throw new IllegalArgumentException(
          "a slope needs points at two different times, had " + Arrays.toString(times));
    }
    Arrays.sort(slopes, 0, found);
    return (slopes[(found - 1) / 2] + slopes[found / 2]) / 2;
  }
}
