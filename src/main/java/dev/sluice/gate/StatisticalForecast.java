package dev.sluice.gate;

import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.stats.Merge;
import dev.sluice.stats.Prior;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What all forecasts have in common: where the release is, and the evidence so far. */
abstract class StatisticalForecast implements Forecast {
  private final Release release;
  private final Course course;
  private final Processes processes = new Processes();
  private final double passLimit;
  private Phase.@Nullable Point at;
  private @Nullable Segment segment;
  private long candidate;
  private long stable;
  private double lasted;

  StatisticalForecast(Outlook outlook, double falsePass) {
    this.release = outlook.release();
    this.course = Course.of(release, outlook.gate().name());
    this.passLimit = Merge.limit(falsePass);
  }

  /** What a batch with so many requests, in so many seconds, would say; neither number is 0. */
  abstract Increments draw(Segment in, long candidates, long stables, double seconds);

  /** Whether there is anything to test; where there isn't, it passes. */
  boolean tells(Segment in) {
    return true;
  }

  /** A stage, or another kind of comparison, begins. */
  abstract void begin();

  abstract Map<Segment, Prior> failPriors();

  abstract List<Prior> passPriors(Segment in);

  @Override
  public final void enter(Phase.Point next) {
    Segment now =
        Objects.requireNonNull(
            Segment.of(release, next), "no request reaches the candidate at " + next);
    if (at == null || at.stage() != next.stage() || segment != now) {
      processes.beginAnew();
      begin();
    }
    at = next;
    segment = now;
  }

  @Override
  public final void see(long candidates, long stables, double seconds) {
    Phase.Point here = Objects.requireNonNull(at, "not entered");
    Segment in = Objects.requireNonNull(segment);
    candidate += candidates;
    stable += stables;
    lasted += seconds;
    // one version alone is no evidence: it joins the next batch
    boolean whole = candidate > 0 && (stable > 0 || in != Segment.SPLIT);
    if (whole && tells(in)) {
      processes.step(course, in, here, draw(in, candidate, stable, lasted));
      candidate = 0;
      stable = 0;
      lasted = 0;
    }
  }

  @Override
  public final double logFail() {
    return processes.logFail(course, failPriors());
  }

  @Override
  public final double logPass() {
    Segment in = Objects.requireNonNull(segment, "not entered");
    return tells(in) ? processes.logPass(passPriors(in)) : Double.POSITIVE_INFINITY;
  }

  @Override
  public final double passLimit() {
    return passLimit;
  }
}
