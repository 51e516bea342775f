package dev.sluice.store;

import dev.sluice.model.Decision;
import dev.sluice.model.EvidencePoint;
import dev.sluice.model.GateMemory;
import dev.sluice.model.GateReport;
import dev.sluice.model.Intent;
import dev.sluice.model.Measurement;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.RecordedLook;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.VersionName;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The store's front door: one transaction per call, model records in and out. */
@ApplicationScoped
class DurableStore implements ReleaseStore {
  private static final Duration KEYS_KEPT = Duration.ofHours(24);
  private static final Duration RECORDINGS_KEPT = Duration.ofDays(90);
  private static final Duration AUDIT_KEPT = Duration.ofDays(400);

  private final Transactions transactions;
  private final Passes passes;
  private final Catalogue catalogue;
  private final Submissions submissions;
  private final Reading reading;
  private final ServiceRows services;
  private final MeasurementRows measurements;
  private final RecordingRows recordings;
  private final IdempotencyKeys keys;
  private final AuditRows audit;

  DurableStore(
      Transactions transactions,
      Passes passes,
      Catalogue catalogue,
      Submissions submissions,
      Reading reading,
      ServiceRows services,
      MeasurementRows measurements,
      RecordingRows recordings,
      IdempotencyKeys keys,
      AuditRows audit) {
    this.transactions = transactions;
    this.passes = passes;
    this.catalogue = catalogue;
    this.submissions = submissions;
    this.reading = reading;
    this.services = services;
    this.measurements = measurements;
    this.recordings = recordings;
    this.keys = keys;
    this.audit = audit;
  }

  @Override
  public Optional<Claim> claimDue(Instant now, Duration lease) {
    // no tick: nobody waits to hear that a pass began
    return transactions.quietly(() -> passes.claim(now, lease));
  }

  @Override
  public Optional<Instant> nextDue() {
    return transactions.quietly(services::nextDue);
  }

  @Override
  public void commit(
      Claim claim,
      Decision decision,
      Map<String, GateMemory> gates,
      @Nullable RecordedLook recorded,
      Instant now) {
    requireUnchanged(
        claim,
        transactions.write(
            claim.service().name(), () -> passes.commit(claim, decision, gates, recorded, now)));
  }

  @Override
  public void wake(Instant now) {
    transactions.write(() -> services.wake(now));
  }

  @Override
  public void endLeases(Instant now) {
    transactions.write(() -> services.endLeases(now));
  }

  @Override
  public void rest(Claim claim, Serving serving, Instant dueAt) {
    requireUnchanged(
        claim,
        transactions.write(claim.service().name(), () -> passes.rest(claim, serving, dueAt)));
  }

  private static void requireUnchanged(Claim claim, boolean held) {
    if (!held) {
      throw new Conflict(
          "model service '"
              + claim.service().name()
              + "', or its release, was changed since it was claimed at revision "
              + claim.revision());
    }
  }

  @Override
  public Put<ModelService> putService(
      ModelService service, String document, Precondition precondition, String actor, Instant now) {
    return transactions.write(
        service.name(), () -> catalogue.putService(service, document, precondition, actor, now));
  }

  @Override
  public Optional<Stored<ModelService>> service(ServiceName name) {
    return transactions.quietly(() -> reading.service(name));
  }

  @Override
  public List<Stored<ModelService>> services() {
    return transactions.quietly(reading::services);
  }

  @Override
  public boolean deleteService(
      ServiceName name, Precondition precondition, String actor, Instant now) {
    return transactions.write(name, () -> catalogue.deleteService(name, precondition, actor, now));
  }

  @Override
  public Optional<Serving> serving(ServiceName name) {
    return transactions.quietly(() -> reading.serving(name));
  }

  @Override
  public Put<ModelVersion> putVersion(
      ModelVersion version, String document, String actor, Instant now) {
    return transactions.quietly(() -> catalogue.putVersion(version, document, actor, now));
  }

  @Override
  public Optional<Stored<ModelVersion>> version(VersionName name) {
    return transactions.quietly(() -> reading.version(name));
  }

  @Override
  public List<Stored<ModelVersion>> versions(ServiceName service) {
    return transactions.quietly(() -> reading.versions(service));
  }

  @Override
  public Submission submit(
      Release release, boolean supersede, @Nullable IdempotencyKey key, Instant now) {
    return transactions.write(
        release.service(), () -> submissions.submit(release, supersede, key, now));
  }

  @Override
  public Optional<Submission> madeBefore(String actor, IdempotencyKey key) {
    return transactions.quietly(() -> submissions.madeBefore(actor, key));
  }

  @Override
  public Optional<Release> release(ReleaseId id) {
    return transactions.quietly(() -> reading.release(id));
  }

  @Override
  public List<Release> releases(ReleaseQuery query) {
    return transactions.quietly(() -> reading.releases(query));
  }

  @Override
  public Optional<Release> currentRelease(ServiceName service) {
    return transactions.quietly(() -> reading.currentRelease(service));
  }

  @Override
  public void intend(ReleaseId id, Intent.Kind kind, String actor, String reason, Instant now) {
    transactions.writeToFound(() -> submissions.intend(id, kind, actor, reason, now));
  }

  @Override
  public List<Recorded> events(ReleaseId id, long after, int limit) {
    return transactions.quietly(() -> reading.events(id, after, limit));
  }

  @Override
  public List<GateReport> evidence(ReleaseId id) {
    return transactions.quietly(() -> reading.evidence(id));
  }

  @Override
  public List<EvidencePoint> course(ReleaseId id) {
    return transactions.quietly(() -> reading.course(id));
  }

  @Override
  public Optional<StoredRecording> recording(ReleaseId id) {
    return transactions.quietly(() -> recordings.of(id));
  }

  @Override
  public List<Recording> record(ReleaseId id, List<Measurement> taken) {
    // no tick: gates come for them at their next look, thousands may arrive before that
    return transactions.quietly(() -> measurements.add(id, taken));
  }

  @Override
  public Map<String, Measurement> measurements(ReleaseId id, Collection<String> requests) {
    return transactions.quietly(() -> measurements.of(id, requests));
  }

  @Override
  public void prune(Instant now) {
    transactions.quietly(
        () -> {
          keys.forgetBefore(now.minus(KEYS_KEPT));
          measurements.forgetEnded();
          recordings.forgetBefore(now.minus(RECORDINGS_KEPT));
          audit.prune(now.minus(AUDIT_KEPT), now);
        });
  }
}
