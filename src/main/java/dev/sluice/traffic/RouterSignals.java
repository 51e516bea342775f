package dev.sluice.traffic;

import dev.sluice.model.Exchange;
import dev.sluice.model.Pair;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Timing;
import dev.sluice.model.VersionName;
import dev.sluice.router.Observations;
import dev.sluice.router.Router;
import dev.sluice.signal.Batch;
import dev.sluice.signal.Cursor;
import dev.sluice.signal.TrafficSignals;
import java.time.Duration;
import java.util.Arrays;

/** What Sluice's own router measured, read in the controller's process. */
public final class RouterSignals implements TrafficSignals {
  private final Router router;

  public RouterSignals(Router router) {
    this.router = router;
  }

  @Override
  public Batch<Exchange> exchanges(ServiceName service, Cursor after, int limit) {
    Observations seen = router.observations(service);
    return batch(seen, seen.exchanges(from(seen, after), limit));
  }

  @Override
  public Batch<Pair> pairs(ServiceName service, Cursor after, int limit) {
    Observations seen = router.observations(service);
    return batch(seen, seen.pairs(from(seen, after), limit));
  }

  /** Another router process numbers anew: everything it saw is news. */
  private static long from(Observations seen, Cursor after) {
    return seen.epoch().equals(after.epoch()) ? after.sequence() : 0;
  }

  private static <T> Batch<T> batch(Observations seen, Observations.Batch<T> read) {
    return new Batch<>(
        read.items(), new Cursor(seen.epoch(), read.lastSeq()), read.dropped(), read.settled());
  }

  @Override
  public double[] history(ServiceName service, VersionName version, Timing timing) {
    double[] seconds = router.observations(service).history(version).seconds(timing);
    Arrays.sort(seconds);
    return seconds;
  }

  @Override
  public Duration moment(
      ServiceName service, VersionName version, Timing timing, Duration least, Duration most) {
    return router.observations(service).history(version).moment(timing, least, most);
  }
}
