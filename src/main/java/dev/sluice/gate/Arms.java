package dev.sluice.gate;

import dev.sluice.model.Exchange;
import dev.sluice.model.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The answers to users of the same seconds, by the version each was drawn for. Neither side is
 * empty: one version alone is no evidence.
 */
record Arms(List<Answered> candidate, List<Answered> stable) {

  /**
   * The batches that can be used now; seconds in which one version is missing join the next.
   *
   * @param tells whether an answer says anything of what is asked
   */
  static List<Arms> of(
      Ledger ledger, GateKind.Context context, boolean afterWarmUp, Predicate<Answered> tells) {
    Predicate<Exchange> ofCandidate = e -> e.version().equals(context.candidate().name());
    Predicate<Exchange> telling = e -> tells.test(Answered.of(e));
    Predicate<List<Exchange>> both =
        batch ->
            batch.stream().anyMatch(ofCandidate.and(telling))
                && batch.stream().anyMatch(ofCandidate.negate().and(telling));
    return ledger.exchanges(context, afterWarmUp, both).stream()
        .filter(both)
        .map(batch -> of(batch, ofCandidate, tells))
        .toList();
  }

  /** The same, asked for another of their times. */
  Arms by(Timing timing) {
    return new Arms(Answered.by(timing, candidate), Answered.by(timing, stable));
  }

  private static Arms of(
      List<Exchange> batch, Predicate<Exchange> ofCandidate, Predicate<Answered> tells) {
    List<Answered> candidate = new ArrayList<>();
    List<Answered> stable = new ArrayList<>();
    for (Exchange exchange : batch) {
      Answered answered = Answered.of(exchange);
      if (tells.test(answered)) {
        (ofCandidate.test(exchange) ? candidate : stable).add(answered);
      }
    }
    return new Arms(candidate, stable);
  }
}
