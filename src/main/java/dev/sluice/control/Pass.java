package dev.sluice.control;

import dev.sluice.model.Decision;
import dev.sluice.model.Event;
import dev.sluice.model.Release;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.signal.GoldenSignals;
import dev.sluice.signal.LabelSignals;
import dev.sluice.signal.Signals;
import dev.sluice.signal.TrafficSignals;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.store.Claim;
import dev.sluice.store.ReleaseStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * One pass over one claimed service: converge, observe, decide, commit. May be repeated from any
 * point after a crash and comes to the same.
 */
final class Pass {
  private static final Logger LOG = Logger.getLogger(Pass.class);

  private final ReleaseStore store;
  private final World world;
  private final Deliberation deliberation;
  private final Recorder recorder;
  private final TrafficSignals traffic;
  private final GoldenSignals golden;
  private final LabelSignals labels;
  private final MetricSignals metrics;
  private final Duration restEvery;
  private final InstantSource clock;
  private final Witness witness;
  private final Map<ServiceName, String> failing = new ConcurrentHashMap<>();

  Pass(
      ReleaseStore store,
      World world,
      Deliberation deliberation,
      Recorder recorder,
      TrafficSignals traffic,
      GoldenSignals golden,
      LabelSignals labels,
      MetricSignals metrics,
      Duration restEvery,
      InstantSource clock,
      Witness witness) {
    this.store = store;
    this.world = world;
    this.deliberation = deliberation;
    this.recorder = recorder;
    this.traffic = traffic;
    this.golden = golden;
    this.labels = labels;
    this.metrics = metrics;
    this.restEvery = restEvery;
    this.clock = clock;
    this.witness = witness;
  }

  void over(Claim claim) {
    World.Seen seen = world.converge(claim);
    boolean newFailure = failsAnew(claim, seen);
    Release release = claim.release();
    if (release == null || (release.phase().terminal() && claim.intents().isEmpty())) {
      rest(claim, seen);
      return;
    }
    Signals signals =
        new Signals(
            traffic,
            new PlatformSignals(world.workloads(claim.service())),
            golden,
            labels,
            metrics);
    Recorder.Session recording = recorder.of(claim, release);
    Deliberation.Outcome outcome = deliberation.over(claim, release, seen, recording.on(signals));
    Instant now = outcome.at();
    Decision decision = withEvents(outcome, seen, newFailure);
    store.commit(
        claim,
        decision,
        outcome.verdicts().memories(),
        recording.look(outcome, seen).orElse(null),
        now);
    recording.committed();
    witness.passed(
        new Witness.Passed(claim, decision, outcome.observation(), seen.statuses(), now));
  }

  private static Decision withEvents(
      Deliberation.Outcome outcome, World.Seen seen, boolean newFailure) {
    Decision decision = outcome.decision();
    List<Event> events = new ArrayList<>(outcome.verdicts().events());
    if (seen.drift() != null) {
      events.add(
          note(outcome.at(), "the data plane carried " + seen.drift() + " and was put right"));
    }
    if (newFailure) {
      events.add(note(outcome.at(), "not all could be done or seen: " + seen.failed()));
    }
    events.addAll(decision.events());
    return new Decision(decision.release(), decision.serving(), events, decision.lookAgain());
  }

  private static Event note(Instant now, String text) {
    return new Event(now, "note", Event.SLUICE, null, null, null, text);
  }

  /**
   * Whether something failed that did not at the pass before: it is told once, not at each look.
   */
  private boolean failsAnew(Claim claim, World.Seen seen) {
    String before = failing.put(claim.service().name(), seen.failed());
    boolean anew = !seen.failed().isEmpty() && !seen.failed().equals(before);
    if (anew) {
      LOG.warnf("pass over %s: %s", claim.service().name(), seen.failed());
    }
    return anew;
  }

  /**
   * Between releases: keep the split, the pins and their proofs; let go of a previous whose time is
   * up.
   */
  private void rest(Claim claim, World.Seen seen) {
    Instant now = clock.instant();
    Serving serving = claim.serving();
    Serving.Previous previous = serving.previous();
    if (previous != null && !now.isBefore(previous.until())) {
      serving = new Serving(serving.stable(), null);
    }
    store.rest(claim, serving, now.plus(restEvery));
    witness.rested(new Witness.Rested(claim, serving, seen.split(), seen.statuses(), now));
  }
}
