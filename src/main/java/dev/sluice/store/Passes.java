package dev.sluice.store;

import dev.sluice.model.Decision;
import dev.sluice.model.Event;
import dev.sluice.model.GateMemory;
import dev.sluice.model.Phase;
import dev.sluice.model.RecordedLook;
import dev.sluice.model.Release;
import dev.sluice.model.Serving;
import dev.sluice.model.Why;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The loop's side of the store: a service is claimed, and what was decided about it committed. */
@ApplicationScoped
class Passes {
  private final ServiceRows services;
  private final ReleaseRows releases;
  private final IntentRows intents;
  private final EventRows events;
  private final GateMemoryRows gateMemories;
  private final EvidencePointRows evidencePoints;
  private final RecordingRows recordings;
  private final MeasurementRows measurements;
  private final AuditRows audit;

  Passes(
      ServiceRows services,
      ReleaseRows releases,
      IntentRows intents,
      EventRows events,
      GateMemoryRows gateMemories,
      EvidencePointRows evidencePoints,
      RecordingRows recordings,
      MeasurementRows measurements,
      AuditRows audit) {
    this.services = services;
    this.releases = releases;
    this.intents = intents;
    this.events = events;
    this.gateMemories = gateMemories;
    this.evidencePoints = evidencePoints;
    this.recordings = recordings;
    this.measurements = measurements;
    this.audit = audit;
  }

  Optional<Claim> claim(Instant now, Duration lease) {
    return services.lockDue(now).map(service -> claim(service, now.plus(lease)));
  }

  private Claim claim(ServiceRow service, Instant until) {
    service.lease(services.nextFence(), until);
    Optional<ReleaseRow> release = releases.current(service.name);
    return new Claim(
        service.toModel(),
        service.toServing(),
        release.map(ReleaseRow::toModel).orElse(null),
        release.map(r -> gateMemories.of(r.releaseId())).orElse(Map.of()),
        release.map(r -> intents.open(r.releaseId())).orElse(List.of()),
        service.fence,
        service.revision,
        release.map(r -> recordings.bytes(r.releaseId())).orElse(0L));
  }

  /** Whether the claim still held; where it did not its lease has ended and nothing is written. */
  boolean commit(
      Claim claim,
      Decision decision,
      Map<String, GateMemory> gates,
      @Nullable RecordedLook recorded,
      Instant now) {
    Release before = claim.release();
    Release after = decision.release();
    if (before == null || !before.id().equals(after.id())) {
      throw new IllegalArgumentException(
          "a decision about release "
              + after.id()
              + " can't end a pass over "
              + (before == null ? "no release" : "release " + before.id()));
    }
    ServiceRow service = held(claim);
    ReleaseRow release = releases.findById(after.id().value());
    boolean replaced = release.ended() && !before.phase().terminal();
    if (replaced || service.revision != claim.revision()) {
      service.endPass(now);
      return false;
    }
    release.become(after);
    service.serve(decision.serving());
    gateMemories.put(after, gates);
    evidencePoints.append(after.id(), gates.values());
    if (recorded != null) {
      recordings.append(after, recorded, now);
    }
    events.append(after.id(), decision.events());
    intents.handled(claim.intents(), now);
    boolean moved = !before.phase().word().equals(after.phase().word());
    if (moved) {
      audit(before, after, now);
    }
    if (moved && release.ended()) {
      // nothing reads them any more: what they said is in the evidence
      measurements.forget(after.id());
    }
    boolean next = release.ended() && releases.waiting(release.service).isPresent();
    service.endPass(next ? now : now.plus(decision.lookAgain()));
    return true;
  }

  /** Whether the claim still held, as for {@link #commit}. */
  boolean rest(Claim claim, Serving serving, Instant dueAt) {
    ServiceRow service = held(claim);
    if (service.revision != claim.revision()) {
      service.endPass(dueAt);
      return false;
    }
    service.serve(serving);
    service.endPass(dueAt);
    return true;
  }

  private ServiceRow held(Claim claim) {
    String name = claim.service().name().value();
    ServiceRow service =
        services
            .locked(name)
            .orElseThrow(() -> new Conflict("model service '" + name + "' was deleted meanwhile"));
    if (!service.leasedUnder(claim.fence())) {
      throw new Conflict(
          "model service '"
              + name
              + "' was claimed under fence "
              + claim.fence()
              + ", and is now at fence "
              + service.fence);
    }
    return service;
  }

  private void audit(Release before, Release after, Instant now) {
    String sentence =
        switch (after.phase()) {
          case Phase.Submitted p -> null;
          case Phase.Applying p -> null;
          case Phase.Observing p -> null;
          case Phase.Soaking p -> null;
          case Phase.Promoting p -> "version " + after.candidate() + " takes over";
          case Phase.Succeeded p -> "version " + after.candidate() + " is stable";
          case Phase.RollingBack p -> sentence(p.why());
          case Phase.RolledBack p -> sentence(p.why());
          case Phase.Rejected p -> sentence(p.why());
        };
    if (sentence != null) {
      audit.append(
          now,
          Event.SLUICE,
          "release." + after.phase().word(),
          "release " + after.id(),
          "from " + before.phase().word() + ": " + sentence);
    }
  }

  private static String sentence(Why why) {
    return why.by() + ": " + why.sentence();
  }
}
