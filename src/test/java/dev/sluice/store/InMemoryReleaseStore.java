package dev.sluice.store;

import dev.sluice.model.Decision;
import dev.sluice.model.Event;
import dev.sluice.model.EvidencePoint;
import dev.sluice.model.GateMemory;
import dev.sluice.model.GateReport;
import dev.sluice.model.Intent;
import dev.sluice.model.Measurement;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Phase;
import dev.sluice.model.RecordedLook;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.Stage;
import dev.sluice.model.VersionName;
import dev.sluice.model.Why;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ReleaseStore} that keeps everything in memory and its contract to the letter: a claim
 * hides its service until the lease ends, a commit of a stale claim is a {@link Conflict}, intents
 * stay until the pass that was shown them ends. Knows no clock; safe for use by many threads. Is
 * its own {@link Changes}.
 */
public class InMemoryReleaseStore implements ReleaseStore, Changes {
  private final Map<ServiceName, ServiceRow> services = new TreeMap<>();
  private final Map<VersionName, Stored<ModelVersion>> versions = new TreeMap<>();
  private final Map<ReleaseId, ReleaseRow> releases = new LinkedHashMap<>();
  private final Map<List<String>, KeyRow> keys = new HashMap<>();
  private final List<EventRow> events = new ArrayList<>();
  private final Map<ServiceName, Long> fences = new HashMap<>();
  private final Object monitor = new Object();
  private long lastIntent;
  private long lastRevision;
  private final ChangeSignal changes = new ChangeSignal();

  private static final class ServiceRow {
    Stored<ModelService> stored;
    Serving serving;
    Instant dueAt;
    @Nullable Instant leasedUntil;
    long revision;

    ServiceRow(Stored<ModelService> stored, Serving serving, Instant dueAt) {
      this.stored = stored;
      this.serving = serving;
      this.dueAt = dueAt;
    }

    /** When it may be claimed: what comes in during a pass waits for its end. */
    Instant free() {
      return leasedUntil == null || leasedUntil.isBefore(dueAt) ? dueAt : leasedUntil;
    }
  }

  private static final class ReleaseRow {
    Release release;
    final List<Intent> intents = new ArrayList<>();
    final Map<String, GateMemory> gates = new HashMap<>();
    final Map<List<String>, GateReport> evidence = new LinkedHashMap<>();
    final List<EvidencePoint> course = new ArrayList<>();
    final Map<String, Measurement> measurements = new HashMap<>();
    @Nullable String opening;
    final ByteArrayOutputStream looks = new ByteArrayOutputStream();

    ReleaseRow(Release release) {
      this.release = release;
    }
  }

  private record EventRow(ReleaseId release, Recorded recorded) {}

  private record KeyRow(String bodyDigest, ReleaseId release) {}

  @Override
  public Optional<StoredRecording> recording(ReleaseId id) {
    synchronized (monitor) {
      ReleaseRow row = releases.get(id);
      if (row == null || row.opening == null) {
        return Optional.empty();
      }
      return Optional.of(new StoredRecording(row.opening, row.looks.toByteArray()));
    }
  }

  @Override
  public void prune(Instant now) {
    synchronized (monitor) {
      keys.values()
          .removeIf(
              key ->
                  row(key.release())
                      .release
                      .submittedAt()
                      .isBefore(now.minus(Duration.ofHours(24))));
      releases.values().stream()
          .filter(row -> row.release.phase().terminal())
          .forEach(row -> row.measurements.clear());
    }
  }

  // ---- the loop ----

  @Override
  public Optional<Claim> claimDue(Instant now, Duration lease) {
    synchronized (monitor) {
      Optional<ServiceRow> due =
          services.values().stream()
              .filter(row -> !row.free().isAfter(now))
              .min(Comparator.comparing(ServiceRow::free));
      due.ifPresent(
          row -> {
            row.dueAt = now.plus(lease);
            row.leasedUntil = row.dueAt;
            row.revision++;
            fences.merge(row.stored.value().name(), 1L, Long::sum);
          });
      return due.map(this::claim);
    }
  }

  private Claim claim(ServiceRow row) {
    ModelService service = row.stored.value();
    ReleaseRow release = current(service.name());
    return new Claim(
        service,
        row.serving,
        release == null ? null : release.release,
        release == null ? Map.of() : release.gates,
        release == null ? List.of() : release.intents,
        fences.getOrDefault(service.name(), 0L),
        row.revision,
        release == null ? 0 : release.looks.size());
  }

  /** Under way, else one that has ended with an intent open, else waiting, else the last. */
  private @Nullable ReleaseRow current(ServiceName service) {
    List<ReleaseRow> own = releasesOf(service);
    return own.stream()
        .filter(InMemoryReleaseStore::underWay)
        .findFirst()
        .or(
            () ->
                own.stream()
                    .filter(r -> r.release.phase().terminal() && !r.intents.isEmpty())
                    .findFirst())
        .or(() -> own.stream().filter(InMemoryReleaseStore::waits).findFirst())
        .orElse(own.isEmpty() ? null : own.getLast());
  }

  private List<ReleaseRow> releasesOf(ServiceName service) {
    return releases.values().stream().filter(r -> r.release.service().equals(service)).toList();
  }

  private static boolean waits(ReleaseRow row) {
    return row.release.phase() instanceof Phase.Submitted;
  }

  private static boolean underWay(ReleaseRow row) {
    return !waits(row) && !row.release.phase().terminal();
  }

  @Override
  public Optional<Instant> nextDue() {
    synchronized (monitor) {
      return services.values().stream().map(ServiceRow::free).min(Comparator.naturalOrder());
    }
  }

  @Override
  public void commit(
      Claim claim,
      Decision decision,
      Map<String, GateMemory> gates,
      @Nullable RecordedLook recorded,
      Instant now) {
    synchronized (monitor) {
      ServiceRow row = unchanged(claim, now);
      Release release = decision.release();
      if (claim.release() == null || !claim.release().id().equals(release.id())) {
        throw new IllegalArgumentException("the decision is about another release than the claim");
      }
      ReleaseRow kept = row(release.id());
      if (kept.release.phase().terminal() && !claim.release().phase().terminal()) {
        endPass(row, now);
        throw new Conflict("release " + release.id() + " was replaced meanwhile");
      }
      kept.release = release;
      if (recorded != null) {
        kept.opening = recorded.opening() == null ? kept.opening : recorded.opening();
        kept.looks.writeBytes(recorded.look());
      }
      gates.forEach(
          (name, memory) -> {
            kept.gates.put(name, memory);
            kept.evidence.put(List.of(name, memory.report().stage()), memory.report());
            keep(kept.course, EvidencePoint.of(memory.report()));
          });
      decision.events().forEach(event -> append(release.id(), event));
      row.serving = decision.serving();
      kept.intents.removeAll(claim.intents());
      boolean more =
          !kept.intents.isEmpty()
              || (release.phase().terminal()
                  && releasesOf(release.service()).stream().anyMatch(InMemoryReleaseStore::waits));
      endPass(row, more ? now : now.plus(decision.lookAgain()));
    }
  }

  private static void keep(List<EvidencePoint> course, EvidencePoint point) {
    EvidencePoint last =
        course.reversed().stream()
            .filter(p -> p.gate().equals(point.gate()))
            .findFirst()
            .orElse(null);
    if (point.worthKeeping(last)) {
      course.add(point);
    }
  }

  @Override
  public void wake(Instant now) {
    synchronized (monitor) {
      services.values().forEach(row -> wake(row, now));
      changes.tick();
    }
  }

  @Override
  public void endLeases(Instant now) {
    synchronized (monitor) {
      services
          .values()
          .forEach(
              row -> {
                row.leasedUntil = null;
                wake(row, now);
              });
      changes.tick();
    }
  }

  @Override
  public void rest(Claim claim, Serving serving, Instant dueAt) {
    synchronized (monitor) {
      ServiceRow row = unchanged(claim, dueAt);
      row.serving = serving;
      endPass(row, dueAt);
    }
  }

  /** A pass that was overtaken by a change of the service ends all the same. */
  private ServiceRow unchanged(Claim claim, Instant dueAt) {
    ServiceRow row = services.get(claim.service().name());
    if (row == null || row.revision != claim.revision()) {
      if (row != null && claim.fence() == fences.getOrDefault(claim.service().name(), 0L)) {
        endPass(row, dueAt);
      }
      throw new Conflict(
          "model service " + claim.service().name() + " was claimed or changed by someone else");
    }
    return row;
  }

  /** What came while the pass ran keeps the service due: an intent never waits for a tick. */
  private void endPass(ServiceRow row, Instant dueAt) {
    row.revision++;
    boolean stirred = row.leasedUntil != null && row.dueAt.isBefore(row.leasedUntil);
    row.dueAt = stirred && row.dueAt.isBefore(dueAt) ? row.dueAt : dueAt;
    row.leasedUntil = null;
    changes.tick(row.stored.value().name());
  }

  private static void wake(ServiceRow row, Instant now) {
    row.dueAt = now.isBefore(row.dueAt) ? now : row.dueAt;
  }

  // ---- intake: model services and versions ----

  @Override
  public Put<ModelService> putService(
      ModelService service, String document, Precondition precondition, String actor, Instant now) {
    synchronized (monitor) {
      ServiceRow row = services.get(service.name());
      require(precondition, service.name(), row);
      Stored<ModelService> stored = new Stored<>(service, document, ++lastRevision);
      boolean created = row == null;
      if (row == null) {
        row = new ServiceRow(stored, new Serving(service.stable(), null), now);
        services.put(service.name(), row);
      }
      row.stored = stored;
      wake(row, now);
      row.revision++;
      changes.tick(service.name());
      return new Put<>(stored, created);
    }
  }

  private static void require(
      Precondition precondition, ServiceName name, @Nullable ServiceRow row) {
    Stale.unless(precondition, "model service " + name, row == null ? null : row.stored.revision());
  }

  @Override
  public Optional<Stored<ModelService>> service(ServiceName name) {
    synchronized (monitor) {
      return Optional.ofNullable(services.get(name)).map(row -> row.stored);
    }
  }

  @Override
  public List<Stored<ModelService>> services() {
    synchronized (monitor) {
      return services.values().stream().map(row -> row.stored).toList();
    }
  }

  @Override
  public boolean deleteService(
      ServiceName name, Precondition precondition, String actor, Instant now) {
    synchronized (monitor) {
      ServiceRow row = services.get(name);
      if (row == null) {
        return false;
      }
      require(precondition, name, row);
      for (ReleaseRow release : releasesOf(name)) {
        if (!release.release.phase().terminal()) {
          throw new Conflict("release " + release.release.id() + " of " + name + " is under way");
        }
      }
      services.remove(name);
      changes.tick(name);
      return true;
    }
  }

  @Override
  public Optional<Serving> serving(ServiceName name) {
    synchronized (monitor) {
      return Optional.ofNullable(services.get(name)).map(row -> row.serving);
    }
  }

  @Override
  public Put<ModelVersion> putVersion(
      ModelVersion version, String document, String actor, Instant now) {
    synchronized (monitor) {
      Stored<ModelVersion> there = versions.get(version.name());
      if (there != null) {
        if (!there.value().digest().equals(version.digest())) {
          throw new Conflict(
              "version "
                  + version.name()
                  + " is immutable and has digest "
                  + there.value().digest()
                  + ", not "
                  + version.digest());
        }
        return new Put<>(there, false);
      }
      Stored<ModelVersion> stored = new Stored<>(version, document, ++lastRevision);
      versions.put(version.name(), stored);
      return new Put<>(stored, true);
    }
  }

  @Override
  public Optional<Stored<ModelVersion>> version(VersionName name) {
    synchronized (monitor) {
      return Optional.ofNullable(versions.get(name));
    }
  }

  @Override
  public List<Stored<ModelVersion>> versions(ServiceName service) {
    synchronized (monitor) {
      return versions.values().stream()
          .filter(stored -> stored.value().service().equals(service))
          .toList();
    }
  }

  // ---- intake: releases ----

  @Override
  public Submission submit(
      Release release, boolean supersede, @Nullable IdempotencyKey key, Instant now) {
    synchronized (monitor) {
      if (!(release.phase() instanceof Phase.Submitted)) {
        throw new IllegalArgumentException(
            "a release is handed in as submitted, was " + release.phase().word());
      }
      if (key != null) {
        Optional<Submission> before = madeBefore(release.submittedBy(), key);
        if (before.isPresent()) {
          return before.get();
        }
      }
      ServiceRow row = services.get(release.service());
      if (row == null) {
        throw new Conflict("no model service is called " + release.service());
      }
      List<ReleaseRow> inTheWay =
          releasesOf(release.service()).stream()
              .filter(r -> !r.release.phase().terminal())
              .sorted(Comparator.comparing(InMemoryReleaseStore::waits))
              .toList();
      if (!inTheWay.isEmpty() && !supersede) {
        Release other = inTheWay.getFirst().release;
        return new Submission.Busy(
            other.id(),
            "release "
                + other.id()
                + " is "
                + other.phase().word()
                + ": wait for its end, or supersede it");
      }
      inTheWay.forEach(other -> makeRoom(other, release, now));
      releases.put(release.id(), new ReleaseRow(release));
      if (key != null) {
        keys.put(
            List.of(release.submittedBy(), key.key()), new KeyRow(key.bodyDigest(), release.id()));
      }
      String text = "version " + release.candidate() + " handed in for " + release.service();
      append(
          release.id(),
          new Event(now, "transition", release.submittedBy(), null, "submitted", null, text));
      wake(row, now);
      changes.tick(release.service());
      return new Submission.Accepted(release);
    }
  }

  private void makeRoom(ReleaseRow other, Release next, Instant now) {
    String actor = next.submittedBy();
    if (waits(other)) {
      Why why =
          new Why(
              Why.Cause.SUPERSEDED,
              actor,
              "release " + next.id() + " took its place while it waited");
      other.release = other.release.in(new Phase.Rejected(why, null, null, now, now));
      append(
          other.release.id(),
          new Event(now, "transition", actor, "submitted", "rejected", null, why.sentence()));
    } else if (other.release.admits().contains(Intent.Kind.SUPERSEDE)) {
      other.intents.add(
          new Intent(
              ++lastIntent,
              Intent.Kind.SUPERSEDE,
              actor,
              "release " + next.id() + " takes its place",
              now));
    }
  }

  @Override
  public Optional<Submission> madeBefore(String actor, IdempotencyKey key) {
    synchronized (monitor) {
      return Optional.ofNullable(keys.get(List.of(actor, key.key())))
          .map(
              before ->
                  before.bodyDigest().equals(key.bodyDigest())
                      ? new Submission.Repeated(row(before.release()).release)
                      : new Submission.KeyReused(before.release()));
    }
  }

  @Override
  public Optional<Release> release(ReleaseId id) {
    synchronized (monitor) {
      return Optional.ofNullable(releases.get(id)).map(row -> row.release);
    }
  }

  @Override
  public List<Release> releases(ReleaseQuery query) {
    synchronized (monitor) {
      List<Release> found = new ArrayList<>();
      for (ReleaseRow row : releases.values()) {
        if (row.release.id().equals(query.before())) {
          break;
        }
        found.add(row.release);
      }
      return found.reversed().stream()
          .filter(r -> query.service() == null || r.service().equals(query.service()))
          .filter(r -> query.phase() == null || r.phase().word().equals(query.phase()))
          .filter(r -> r.labels().entrySet().containsAll(query.labels().entrySet()))
          .limit(query.limit())
          .toList();
    }
  }

  @Override
  public Optional<Release> currentRelease(ServiceName service) {
    synchronized (monitor) {
      return Optional.ofNullable(current(service)).map(row -> row.release);
    }
  }

  @Override
  public void intend(ReleaseId id, Intent.Kind kind, String actor, String reason, Instant now) {
    synchronized (monitor) {
      ReleaseRow kept = releases.get(id);
      if (kept == null) {
        throw new Conflict("there is no release " + id);
      }
      Release release = kept.release;
      ServiceRow row = services.get(release.service());
      if (row == null) {
        throw new Conflict("model service '" + release.service() + "' was deleted: nobody acts");
      }
      if (!admits(release, kind)) {
        String sense =
            String.join(
                " or ",
                release.admits().stream()
                    .filter(other -> admits(release, other))
                    .map(Intent.Kind::word)
                    .toList());
        throw new Conflict(
            "release is "
                + release.phase().word()
                + ": "
                + (sense.isEmpty()
                    ? "nothing would make sense any more"
                    : sense + " would make sense")
                + ", "
                + kind.word()
                + " does not");
      }
      Stage.Approval reserved = release.reservedFrom(actor, kind);
      if (reserved != null) {
        throw new FourEyes(
            "the step to "
                + reserved.before()
                + " must be approved by someone else than "
                + actor
                + ", who submitted the release");
      }
      if (kept.intents.stream().noneMatch(i -> i.kind() == kind && i.actor().equals(actor))) {
        kept.intents.add(new Intent(++lastIntent, kind, actor, reason, now));
      }
      wake(row, now);
      changes.tick(release.service());
    }
  }

  /** What the phase admits; a success is called back only while its way back is kept open. */
  private boolean admits(Release release, Intent.Kind kind) {
    if (!release.admits().contains(kind)) {
      return false;
    }
    if (!release.phase().terminal()) {
      return true;
    }
    ServiceRow row = services.get(release.service());
    if (row == null) {
      return false;
    }
    Serving serving = row.serving;
    return serving.keepsWayBackOf(release)
        && releasesOf(release.service()).stream().noneMatch(InMemoryReleaseStore::underWay);
  }

  @Override
  public List<Recorded> events(ReleaseId id, long after, int limit) {
    synchronized (monitor) {
      return events.stream()
          .filter(row -> row.release().equals(id) && row.recorded().sequence() > after)
          .map(EventRow::recorded)
          .limit(limit)
          .toList();
    }
  }

  private void append(ReleaseId id, Event event) {
    events.add(new EventRow(id, new Recorded(events.size() + 1L, event)));
  }

  @Override
  public List<GateReport> evidence(ReleaseId id) {
    synchronized (monitor) {
      ReleaseRow row = releases.get(id);
      return row == null ? List.of() : List.copyOf(row.evidence.values());
    }
  }

  // ---- measurements posted later ----

  @Override
  public List<EvidencePoint> course(ReleaseId id) {
    synchronized (monitor) {
      return List.copyOf(row(id).course);
    }
  }

  @Override
  public List<Recording> record(ReleaseId id, List<Measurement> measurements) {
    synchronized (monitor) {
      ReleaseRow row = row(id);
      if (row.release.phase().terminal()) {
        throw new Conflict("release " + id + " is " + row.release.phase().word());
      }
      return measurements.stream().map(m -> record(row.measurements, m)).toList();
    }
  }

  private static Recording record(Map<String, Measurement> all, Measurement m) {
    Measurement before = all.get(m.request());
    if (before == null) {
      all.put(m.request(), m);
      return Recording.NEW;
    }
    String label = before.label() == null ? m.label() : before.label();
    Double score = before.score() == null ? m.score() : before.score();
    Measurement merged = new Measurement(m.request(), label, score, before.at());
    all.put(m.request(), merged);
    return merged.equals(before) ? Recording.REPEATED : Recording.NEW;
  }

  @Override
  public Map<String, Measurement> measurements(ReleaseId id, Collection<String> requests) {
    synchronized (monitor) {
      ReleaseRow row = releases.get(id);
      if (row == null) {
        return Map.of();
      }
      Map<String, Measurement> known = new HashMap<>(row.measurements);
      known.keySet().retainAll(Set.copyOf(requests));
      return known;
    }
  }

  // ---- changes ----

  @Override
  public long count() {
    return changes.count();
  }

  @Override
  public boolean await(long seen, Duration atMost) throws InterruptedException {
    return changes.await(seen, atMost);
  }

  @Override
  public Watch watch(ServiceName service) {
    return changes.watch(service);
  }

  private ReleaseRow row(ReleaseId id) {
    ReleaseRow row = releases.get(id);
    if (row == null) {
      throw new IllegalArgumentException("no release has the id " + id);
    }
    return row;
  }
}
