package dev.sluice.sample;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Decides answer by answer what goes wrong, and keeps since when. Confined to one event loop.
 *
 * <p>A fault's onset is when it could first be seen: readiness, or the first user request past
 * {@code user-after}.
 */
final class FaultInjection {
  private final List<Fault> faults;
  private final RandomGenerator dice;
  private final Map<String, Instant> onsets = new LinkedHashMap<>();
  private long userRequests;

  /**
   * @param dice drawn from in the order of requests, so that a seed repeats a run
   */
  FaultInjection(List<Fault> faults, RandomGenerator dice) {
    this.faults = List.copyOf(faults);
    this.dice = dice;
    long kinds = this.faults.stream().map(Fault::kind).distinct().count();
    if (kinds < this.faults.size()) {
      throw new IllegalArgumentException(
          "each kind of fault may be given once, had " + this.faults);
    }
  }

  /** What is to become of one answer. */
  enum Fate {
    SOUND,
    INVALID,
    ERROR
  }

  /** The server answers from now on. */
  void ready(Instant now) {
    for (Fault fault : faults) {
      if (!(fault instanceof Fault.Invalid)) {
        onsets.put(fault.kind(), now);
      }
    }
  }

  /** Draws the fate of the request just admitted; only {@code USER} requests count as users'. */
  Fate admit(Caller caller, Instant now) {
    Fate fate = Fate.SOUND;
    if (caller == Caller.USER) {
      userRequests++;
      fate = spoils(now) ? Fate.INVALID : Fate.SOUND;
    }
    Optional<Fault.Erring> erring = find(Fault.Erring.class);
    boolean errs = erring.isPresent() && dice.nextDouble() < erring.get().share();
    return errs ? Fate.ERROR : fate;
  }

  private boolean spoils(Instant now) {
    Optional<Fault.Invalid> invalid = find(Fault.Invalid.class);
    if (invalid.isEmpty() || userRequests <= invalid.get().afterUserRequests()) {
      return false;
    }
    onsets.putIfAbsent(invalid.get().kind(), now);
    return dice.nextDouble() < invalid.get().share();
  }

  /** What the simulated device time is multiplied by; 1 without that fault. */
  double slowdown() {
    return find(Fault.Slow.class).map(Fault.Slow::factor).orElse(1.0);
  }

  Optional<Fault.Leak> leak() {
    return find(Fault.Leak.class);
  }

  /** Whether outputs have other names and another shape. */
  boolean reshapes() {
    return find(Fault.Schema.class).isPresent();
  }

  List<Fault> faults() {
    return faults;
  }

  /** Since when each fault shows, by kind; without those that don't yet. */
  Map<String, Instant> onsets() {
    return Map.copyOf(onsets);
  }

  private <F extends Fault> Optional<F> find(Class<F> kind) {
    return faults.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }
}
