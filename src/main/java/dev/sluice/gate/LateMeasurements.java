package dev.sluice.gate;

import dev.sluice.gate.Reading.Batches;
import dev.sluice.model.Measurement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Observations with what was posted of them afterwards: in their order, up to the first second in
 * which one still waits for it. So nothing is judged for having been labelled early.
 *
 * @param seconds those that need wait no longer, in order of time, none of them empty
 * @param upTo where they end
 */
record LateMeasurements<T>(List<Second<T>> seconds, Instant upTo) {
  /** So many are asked for in one look, and those of the second they end in. */
  private static final int AT_ONCE = 2_000;

  /**
   * @param start of the whole second
   * @param items all of it, in their order
   * @param known what was posted that tells something, by request id
   */
  record Second<T>(Instant start, List<T> items, Map<String, Measurement> known) {}

  /**
   * @param request id of an observation
   * @param tells whether a measurement is of any use
   * @param within how long an observation waits for its measurement
   */
  static <T> LateMeasurements<T> of(
      Glance<?, ?> look,
      Reading<T> reading,
      Function<T, String> request,
      Predicate<Measurement> tells,
      Duration within) {
    Batches<T> batches = reading.batches(Instant.MIN, items -> true);
    Instant patience = look.context().now().minus(within);
    List<Second<T>> seconds = new ArrayList<>();
    int asked = 0;
    for (List<T> items : batches.batches()) {
      Instant start =
          reading.source().start().apply(items.getFirst()).truncatedTo(ChronoUnit.SECONDS);
      if (asked >= AT_ONCE) {
        return new LateMeasurements<>(seconds, start);
      }
      Map<String, Measurement> known =
          new HashMap<>(
              look.context()
                  .signals()
                  .labels()
                  .measurements(
                      look.context().release().id(), items.stream().map(request).toList()));
      known.values().removeIf(tells.negate());
      boolean waiting =
          items.stream()
              .anyMatch(
                  item ->
                      !known.containsKey(request.apply(item))
                          && reading.source().start().apply(item).isAfter(patience));
      if (waiting) {
        return new LateMeasurements<>(seconds, start);
      }
      seconds.add(new Second<>(start, items, known));
      asked += items.size();
    }
    return new LateMeasurements<>(seconds, batches.upTo());
  }
}
