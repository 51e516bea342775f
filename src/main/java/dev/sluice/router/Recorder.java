package dev.sluice.router;

import dev.sluice.model.Exchange;
import dev.sluice.model.Pair;
import dev.sluice.model.VersionName;
import dev.sluice.router.admission.Shed;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;

/** The observations of one service, as they come in. */
final class Recorder implements Observations {
  // versions come with every release; the counters of those long gone are let go (law 28)
  private static final int VERSIONS_KEPT = 64;

  private final String epoch;
  private final Ring<Exchange> exchanges;
  private final Ring<Pair> pairs;
  private final OpenRequests openExchanges;
  private final OpenRequests openPairs;
  private final Map<VersionName, VersionTally> tallies = new ConcurrentHashMap<>();
  private final LongAdder userRequests = new LongAdder();
  private final LongAdder userErrors = new LongAdder();
  private final ShedTally shed = new ShedTally();

  Recorder(String epoch, int capacity, InstantSource clock) {
    this.epoch = epoch;
    this.exchanges = new Ring<>(capacity);
    this.pairs = new Ring<>(capacity);
    this.openExchanges = new OpenRequests(clock);
    this.openPairs = new OpenRequests(clock);
  }

  VersionTally tally(VersionName version) {
    return tallies.computeIfAbsent(version, v -> new VersionTally());
  }

  int inFlight(VersionName version) {
    VersionTally tally = tallies.get(version);
    return tally == null ? 0 : tally.inFlight.get();
  }

  /** User requests that will each be an exchange; closed after that was recorded. */
  OpenRequests openExchanges() {
    return openExchanges;
  }

  /** Copied requests that will each be a pair; closed after that was recorded. */
  OpenRequests openPairs() {
    return openPairs;
  }

  void exchange(VersionTally arm, LongFunction<Exchange> closed) {
    exchanges.append(
        seq -> {
          Exchange e = closed.apply(seq);
          arm.count(e);
          return e;
        });
  }

  void pair(LongFunction<Pair> closed) {
    pairs.append(closed);
  }

  void userRequest() {
    userRequests.increment();
  }

  /** A user request was turned away. */
  void shed(Shed turnedAway) {
    shed.count(turnedAway);
  }

  void userError() {
    userErrors.increment();
  }

  void forgetAllBut(Set<VersionName> routed) {
    if (tallies.size() > VERSIONS_KEPT) {
      tallies
          .entrySet()
          .removeIf(e -> !routed.contains(e.getKey()) && e.getValue().inFlight.get() == 0);
    }
  }

  @Override
  public String epoch() {
    return epoch;
  }

  @Override
  public Batch<Exchange> exchanges(long afterSeq, int limit) {
    // read first: what ends while the items are read is no loss
    Instant settled = openExchanges.settled();
    return batch(exchanges.after(afterSeq, limit), settled);
  }

  @Override
  public Batch<Pair> pairs(long afterSeq, int limit) {
    Instant settled = openPairs.settled();
    return batch(pairs.after(afterSeq, limit), settled);
  }

  private static <T> Batch<T> batch(Ring.Stretch<T> read, Instant settled) {
    return new Batch<>(read.items(), read.lastSeq(), read.dropped(), settled);
  }

  @Override
  public LatencyHistory history(VersionName version) {
    VersionTally tally = tallies.get(version);
    return tally == null ? LatencyHistory.EMPTY : tally.latencies.snapshot();
  }

  @Override
  public Totals totals(VersionName version) {
    VersionTally tally = tallies.get(version);
    return tally == null ? Totals.NONE : tally.totals();
  }

  @Override
  public long userRequests() {
    return userRequests.sum();
  }

  @Override
  public long userErrors() {
    return userErrors.sum();
  }

  @Override
  public List<ShedCount> shed() {
    return shed.counts();
  }

  @Override
  public Set<VersionName> versions() {
    return Set.copyOf(tallies.keySet());
  }
}
