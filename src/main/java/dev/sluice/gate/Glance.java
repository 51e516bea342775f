package dev.sluice.gate;

import dev.sluice.model.Exchange;
import dev.sluice.model.Phase;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/**
 * One look under way.
 *
 * @param since when the present step's split was read back
 */
record Glance<S, M>(
    GateKind.Context context,
    S settings,
    DispersionSetting dispersion,
    Phase.Point at,
    Segment segment,
    Course course,
    Instant since,
    Ledger ledger,
    M memory) {
  Glance<S, M> with(M next) {
    return new Glance<>(context, settings, dispersion, at, segment, course, since, ledger, next);
  }

  /**
   * One more batch went into the evidence.
   *
   * @param requests of the candidate
   * @param began when what it says began: the start of its first bad request, or its own
   */
  void took(Increments batch, long requests, Instant began) {
    ledger.step(course, segment, at, batch, began);
    ledger.measured(requests);
  }

  /** What the evidence towards failing of the next batch is divided by. */
  double phi() {
    return dispersion.phi(ledger.environment);
  }

  /** Stable's answers beside the candidate's, in that batch, tell of the environment. */
  void watched(Comparison by, List<Answered> candidate, List<Answered> stable) {
    Environment next = ledger.environment.checked(by, stable);
    ledger.environment = dispersion.measured() ? next.with(candidate).spread(by, stable) : next;
  }

  /** So do those to users before the candidate met any traffic, as far as they are known. */
  void watchedPast(Comparison by) {
    if (dispersion.measured() && ledger.environment.dispersions().isEmpty()) {
      Predicate<Exchange> past =
          e ->
              !e.version().equals(context.candidate().name()) && e.start().isBefore(ledger.begun());
      Reading.of(Source.exchanges(context), Place.START, Instant.MIN)
          .batches(Instant.MIN, second -> true)
          .batches()
          .stream()
          .map(second -> second.stream().filter(past).map(Answered::of).toList())
          .map(by::telling)
          .filter(second -> !second.isEmpty())
          .forEach(second -> ledger.environment = ledger.environment.spread(by, second));
    }
  }

  /** Of the candidate alone no more is told than how many replicas it has. */
  void watchedAlone(List<Answered> candidate) {
    if (dispersion.measured()) {
      ledger.environment = ledger.environment.with(candidate);
    }
  }
}
