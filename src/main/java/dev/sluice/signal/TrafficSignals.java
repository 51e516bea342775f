package dev.sluice.signal;

import dev.sluice.model.Exchange;
import dev.sluice.model.Pair;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Timing;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.stats.CorrelationTime;
import java.time.Duration;

/**
 * What the data plane measured of a service's traffic. Every method may throw {@link Unavailable}.
 */
public interface TrafficSignals {
  /** User requests that ended since the cursor. */
  Batch<Exchange> exchanges(ServiceName service, Cursor after, int limit);

  /** Pairs of answers that ended since the cursor. */
  Batch<Pair> pairs(ServiceName service, Cursor after, int limit);

  /**
   * Recent times of answers to a version's user requests, in seconds, ascending; the last 10,000 or
   * as many as there are.
   */
  double[] history(ServiceName service, VersionName version, Timing timing);

  /**
   * How long what slows one answer to a version's users slows its neighbours, of late: {@link
   * CorrelationTime} between {@code least} and {@code most}, {@code least} where too little is
   * known.
   */
  Duration moment(
      ServiceName service, VersionName version, Timing timing, Duration least, Duration most);
}
