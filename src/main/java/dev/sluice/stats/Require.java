package dev.sluice.stats;

import java.util.Arrays;

/** Argument checks whose messages quote the offending value. */
final class Require {
  private Require() {}

  static double finite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be a finite number, was " + value);
    }
    return value;
  }

  static double within(String name, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          name + " must be within " + low + ".." + high + ", was " + value);
    }
    return value;
  }

  static double positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be positive and finite, was " + value);
    }
    return value;
  }

  static double count(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be a count of 0 or more, was " + value);
    }
    return value;
  }

  static double[] rising(String name, double[] values) {
    for (int k = 0; k < values.length; k++) {
      finite(name, values[k]);
      if (k > 0 && values[k] <= values[k - 1]) {
        throw new IllegalArgumentException(
            name + "s must rise strictly, were " + Arrays.toString(values));
      }
    }
    return values;
  }

  static void size(String name, int actual, int expected) {
    if (actual != expected) {
      throw new IllegalArgumentException(
          name + " must have " + expected + " entries, had " + actual);
    }
  }

  static void notEmpty(String name, double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException(name + " must not be empty");
    }
  }
}
