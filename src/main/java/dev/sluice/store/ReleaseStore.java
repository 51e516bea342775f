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
import dev.sluice.model.RecordedLook;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.VersionName;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The durable state of Sluice. Every method is one transaction; none makes a network call other
 * than to the database. A write that makes work due or changes what a service or a release shows
 * ends in a tick of {@link Changes}. With the database out of reach all throw {@link
 * dev.sluice.model.Unavailable}.
 */
public interface ReleaseStore {

  // ---- the loop ----

  /**
   * Takes the service that is longest due, if one is; nobody is given it again before its pass ends
   * or {@code now + lease}. Replicas share the work without waiting for each other ({@code FOR
   * UPDATE SKIP LOCKED}).
   */
  Optional<Claim> claimDue(Instant now, Duration lease);

  /** When the next service is due; empty where there is no service. */
  Optional<Instant> nextDue();

  /**
   * Writes a decision: release, serving, events, gate memories and the claim's intents as acted
   * upon, all or nothing, and makes the service due at {@code now + decision.lookAgain()}; at once
   * if an intent, a submission or a change of the service came in since the claim, or the release
   * ended and another waits.
   *
   * @param gates the gates' new memories, by name; gates left out keep theirs
   * @param recorded to be added to the release's recording; null for nothing
   * @throws Conflict if the service was claimed, changed or deleted by someone else since, or its
   *     waiting release was replaced: nothing is written, and the service is due at once
   */
  void commit(
      Claim claim,
      Decision decision,
      Map<String, GateMemory> gates,
      @Nullable RecordedLook recorded,
      Instant now);

  /** The same, with nothing recorded. */
  default void commit(Claim claim, Decision decision, Map<String, GateMemory> gates, Instant now) {
    commit(claim, decision, gates, null, now);
  }

  /**
   * Ends a pass that decides nothing about a release: there is none under way, or the world can't
   * be reached. Intents stay open.
   *
   * @param dueAt when to look again, unless something came in since the claim
   * @throws Conflict as {@link #commit}
   */
  void rest(Claim claim, Serving serving, Instant dueAt);

  /**
   * Makes every service due at once: something in the world changed that no decision may wait for.
   * A pass under way is not disturbed; the next begins when it ends.
   */
  void wake(Instant now);

  /**
   * Ends every lease and makes every service due at once. Only for a controller that knows itself
   * to be the only one: after a kill it need not wait for the leases of its former self. A pass
   * that was under way all the same can't commit, for the next claim's fence is newer.
   */
  void endLeases(Instant now);

  // ---- intake: model services and versions ----

  /**
   * Creates or replaces a model service; the same document again changes nothing.
   *
   * @throws Stale if the precondition does not hold
   */
  Put<ModelService> putService(
      ModelService service, String document, Precondition precondition, String actor, Instant now);

  Optional<Stored<ModelService>> service(ServiceName name);

  List<Stored<ModelService>> services();

  /**
   * Forgets a model service; its releases stay readable. False if there was none.
   *
   * @throws Stale if the precondition does not hold
   * @throws Conflict if a release is under way
   */
  boolean deleteService(ServiceName name, Precondition precondition, String actor, Instant now);

  /** Which versions a service stands on; empty for an unknown service. */
  Optional<Serving> serving(ServiceName name);

  /**
   * Registers a version; the same version again changes nothing.
   *
   * @throws Conflict if the name is taken by a version with another digest
   */
  Put<ModelVersion> putVersion(ModelVersion version, String document, String actor, Instant now);

  Optional<Stored<ModelVersion>> version(VersionName name);

  /** By name. */
  List<Stored<ModelVersion>> versions(ServiceName service);

  // ---- intake: releases ----

  /**
   * Hands in a release.
   *
   * @param release in phase {@code submitted}
   * @param supersede whether what is there is to make room: a release under way is told to, one
   *     that still waits is rejected on the spot, for nothing of it has begun
   * @param key what makes the request the same when it is sent again; null for none. Kept for 24 h
   * @throws Conflict if there is no such service
   */
  Submission submit(Release release, boolean supersede, @Nullable IdempotencyKey key, Instant now);

  /**
   * @param key at most 128 characters, unique per actor
   * @param bodyDigest SHA-256 of the request's canonical body
   */
  record IdempotencyKey(String key, String bodyDigest) {}

  /**
   * What a key made before: {@link Submission.Repeated} where it came with the same body, {@link
   * Submission.KeyReused} where with another; empty where it is new. {@link #submit} asks that too:
   * this spares a repeated request the checks of a new one.
   */
  Optional<Submission> madeBefore(String actor, IdempotencyKey key);

  Optional<Release> release(ReleaseId id);

  /** Newest first. */
  List<Release> releases(ReleaseQuery query);

  /**
   * @param phase the word of a phase
   * @param before only releases submitted before that one: the cursor
   * @param limit 1..200
   */
  record ReleaseQuery(
      @Nullable ServiceName service,
      @Nullable String phase,
      Map<String, String> labels,
      @Nullable ReleaseId before,
      int limit) {}

  /**
   * The release that a claim of the service would carry: the one under way, else one that has ended
   * with an intent open, else the one that waits, else the last that was submitted.
   */
  Optional<Release> currentRelease(ServiceName service);

  /**
   * Writes down what someone wants and makes the service due at once. The same wish of the same
   * actor that is still open is not written twice.
   *
   * <p>A release that succeeded can be rolled back while {@link Serving#keepsWayBackOf} says so and
   * no other release is under way or waits.
   *
   * @throws Conflict if the intent makes no sense in the release's phase; the message says what
   *     would
   * @throws FourEyes if it is reserved for someone else than who submitted the release
   */
  void intend(ReleaseId id, Intent.Kind kind, String actor, String reason, Instant now);

  /**
   * The history of a release, oldest first.
   *
   * @param after only events with a higher sequence number
   */
  List<Recorded> events(ReleaseId id, long after, int limit);

  /** An event with its sequence number, unique and rising over the whole controller. */
  record Recorded(long sequence, Event event) {}

  /** What each gate said last, in every stage it spoke in, in the order of its first word. */
  List<GateReport> evidence(ReleaseId id);

  /** The course of each gate's evidence: the looks worth keeping, oldest first. */
  List<EvidencePoint> course(ReleaseId id);

  /** What was recorded of a release; empty where nothing was, or it had its time. */
  Optional<StoredRecording> recording(ReleaseId id);

  /**
   * @param opening as it came with the first look
   * @param looks all looks, one after the other
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record StoredRecording(String opening, byte[] looks) {}

  // ---- measurements posted later ----

  /**
   * Adds what was learned of a release's requests; the first label of a request stands, and so does
   * its first score.
   *
   * @return what came of each, in their order
   * @throws Conflict if the release has ended: nobody reads them any more
   */
  List<Recording> record(ReleaseId id, List<Measurement> measurements);

  /** What came of posting a measurement. */
  enum Recording {
    /** Its label or its score, or both, were not known before. */
    NEW,
    /** All of it came before, perhaps with other values: those stand. */
    REPEATED
  }

  /** What is known of these requests, by request id; label and score in one. */
  Map<String, Measurement> measurements(ReleaseId id, Collection<String> requests);

  // ---- housekeeping ----

  /**
   * Deletes what nobody needs any more: idempotency keys after 24 h, measurements of ended
   * releases, recordings after 90 days, audit rows after 400 days. Call it now and then.
   */
  void prune(Instant now);
}
