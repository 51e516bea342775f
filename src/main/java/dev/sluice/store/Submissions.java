package dev.sluice.store;

import static dev.sluice.model.Intent.Kind.ROLLBACK;
import static dev.sluice.model.Intent.Kind.SUPERSEDE;

import dev.sluice.model.Event;
import dev.sluice.model.Intent;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.Stage;
import dev.sluice.model.Why;
import dev.sluice.store.ReleaseStore.IdempotencyKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What people and pipelines hand in: releases, and intents about them. */
@ApplicationScoped
class Submissions {
  private final ServiceRows services;
  private final ReleaseRows releases;
  private final IntentRows intents;
  private final EventRows events;
  private final IdempotencyKeys keys;
  private final AuditRows audit;

  Submissions(
      ServiceRows services,
      ReleaseRows releases,
      IntentRows intents,
      EventRows events,
      IdempotencyKeys keys,
      AuditRows audit) {
    this.services = services;
    this.releases = releases;
    this.intents = intents;
    this.events = events;
    this.keys = keys;
    this.audit = audit;
  }

  Submission submit(Release release, boolean supersede, @Nullable IdempotencyKey key, Instant now) {
    if (!(release.phase() instanceof Phase.Submitted)) {
      throw new IllegalArgumentException(
          "a release is handed in as submitted, was " + release.phase().word());
    }
    String name = release.service().value();
    ServiceRow service =
        services
            .locked(name)
            .orElseThrow(() -> new Conflict("there is no model service '" + name + "'"));
    if (key != null) {
      Optional<Submission> before = madeBefore(release.submittedBy(), key);
      if (before.isPresent()) {
        return before.get();
      }
    }
    Optional<ReleaseRow> waiting = releases.waiting(name);
    Optional<ReleaseRow> underWay = releases.underWay(name);
    Optional<ReleaseRow> inTheWay = underWay.or(() -> waiting);
    if (inTheWay.isPresent() && !supersede) {
      return busy(inTheWay.get());
    }
    if (key != null && !keys.take(release.submittedBy(), key, release.id(), now)) {
      // the same key, for another service, was committed since the look above
      return madeBefore(release.submittedBy(), key).orElseThrow();
    }
    waiting.ifPresent(row -> replace(row, release, now));
    releases.persistAndFlush(ReleaseRow.of(release));
    underWay
        .filter(r -> r.toModel().admits().contains(SUPERSEDE))
        .ifPresent(
            r ->
                intents.add(
                    r.releaseId(),
                    SUPERSEDE,
                    release.submittedBy(),
                    "release " + release.id() + " takes its place",
                    now));
    String sentence = "version " + release.candidate() + " handed in for " + name;
    events.append(
        release.id(),
        List.of(
            new Event(
                now, "transition", release.submittedBy(), null, "submitted", null, sentence)));
    audit.append(now, release.submittedBy(), "release.submit", "release " + release.id(), sentence);
    service.wake(now);
    return new Submission.Accepted(release);
  }

  Optional<Submission> madeBefore(String actor, IdempotencyKey key) {
    return keys.find(actor, key)
        .map(
            used ->
                used.bodyDigest().equals(key.bodyDigest())
                    ? new Submission.Repeated(releases.findById(used.release().value()).toModel())
                    : new Submission.KeyReused(used.release()));
  }

  private static Submission busy(ReleaseRow inTheWay) {
    return new Submission.Busy(
        inTheWay.releaseId(),
        "release " + inTheWay.id + " is " + inTheWay.phase + ": wait for its end, or supersede it");
  }

  /** Nothing of it has begun, so no pass has to undo anything; one that is over it won't commit. */
  private void replace(ReleaseRow waiting, Release by, Instant now) {
    Why why =
        new Why(
            Why.Cause.SUPERSEDED,
            by.submittedBy(),
            "release " + by.id() + " took its place while it waited");
    Phase ended = new Phase.Rejected(why, null, null, now, now);
    waiting.become(waiting.toModel().in(ended));
    // before the next one is inserted: one waits at a time
    releases.flush();
    events.append(
        waiting.releaseId(),
        List.of(
            new Event(
                now,
                "transition",
                by.submittedBy(),
                ReleaseRow.SUBMITTED,
                ended.word(),
                null,
                why.sentence())));
    audit.append(
        now,
        by.submittedBy(),
        "release." + ended.word(),
        "release " + waiting.id,
        "from submitted: " + why.sentence());
  }

  /** The service that it is about. */
  ServiceName intend(ReleaseId id, Intent.Kind kind, String actor, String reason, Instant now) {
    ReleaseRow seen = releases.findById(id.value());
    if (seen == null) {
      throw new Conflict("there is no release " + id);
    }
    ServiceRow service =
        services
            .locked(seen.service)
            .orElseThrow(
                () ->
                    new Conflict("model service '" + seen.service + "' was deleted: nobody acts"));
    // it may have moved before the lock was had
    releases.getEntityManager().refresh(seen);
    Release release = seen.toModel();
    Set<Intent.Kind> admitted = EnumSet.noneOf(Intent.Kind.class);
    admitted.addAll(release.admits());
    if (release.phase().terminal() && !canBeCalledBack(release, service.toServing())) {
      admitted.remove(ROLLBACK);
    }
    if (!admitted.contains(kind)) {
      throw new Conflict(refusal(release, admitted, kind));
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
    if (intents.add(id, kind, actor, reason, now)) {
      audit.append(now, actor, "intent." + kind.word(), "release " + id, reason);
    }
    service.wake(now);
    return release.service();
  }

  /** Whether its way back is kept, and nothing newer is under way; what waits, waits on. */
  private boolean canBeCalledBack(Release release, Serving serving) {
    String service = release.service().value();
    return serving.keepsWayBackOf(release) && releases.underWay(service).isEmpty();
  }

  private static String refusal(Release release, Set<Intent.Kind> admitted, Intent.Kind kind) {
    // superseding is asked for by submitting the next release, not by a verb
    String verbs =
        admitted.stream()
            .filter(k -> k != SUPERSEDE)
            .map(Intent.Kind::word)
            .collect(Collectors.joining(" or "));
    String sense =
        verbs.isEmpty() ? "nothing would make sense any more" : verbs + " would make sense";
    return "release is " + release.phase().word() + ": " + sense + ", " + kind.word() + " does not";
  }
}
