package dev.sluice.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to make a candidate version the stable one. Everything that decides about it is
 * pinned at submission: the pipeline, its gates, what it is compared with.
 *
 * @param stable the version to compare with and to go back to; null for a service's first release
 * @param comparison whether gates compare with stable or judge by the service's SLO alone
 * @param gates by name, every gate of every stage
 * @param paused who holds its progress; null while nobody does
 * @param approvals given so far
 * @param wayBack how long the rehearsed way back took; null until it was rehearsed
 */
public record Release(
    ReleaseId id,
    ServiceName service,
    VersionName candidate,
    @Nullable VersionName stable,
    Comparison comparison,
    Pipeline pipeline,
    Map<String, QualityGate> gates,
    Phase phase,
    @Nullable Paused paused,
    List<Approved> approvals,
    @Nullable Duration wayBack,
    String submittedBy,
    Instant submittedAt,
    String reason,
    Map<String, String> labels) {

  /** What a release's gates have to go by. */
  public enum Comparison {
    /** The stable version over the same window and load (law 23). */
    STABLE,
    /** The service's SLO: there is no stable version, or it is broken (law 12). */
    SLO
  }

  /** A hold on progress, never on safety. */
  public record Paused(String actor, String reason, Instant since) {}

  /** A person agreed to the step with that weight. */
  public record Approved(Share step, String actor, Instant at) {}

  public Release {
    gates = Map.copyOf(gates);
    approvals = List.copyOf(approvals);
    labels = Map.copyOf(labels);
    if (stable == null && comparison == Comparison.STABLE) {
      throw new IllegalArgumentException("nothing to compare with: release has no stable version");
    }
  }

  public Release in(Phase next) {
    return new Release(
        id,
        service,
        candidate,
        stable,
        comparison,
        pipeline,
        gates,
        next,
        paused,
        approvals,
        wayBack,
        submittedBy,
        submittedAt,
        reason,
        labels);
  }

  public Release held(@Nullable Paused hold) {
    return new Release(
        id,
        service,
        candidate,
        stable,
        comparison,
        pipeline,
        gates,
        phase,
        hold,
        approvals,
        wayBack,
        submittedBy,
        submittedAt,
        reason,
        labels);
  }

  public Release approved(Approved approval) {
    List<Approved> more = new java.util.ArrayList<>(approvals);
    more.add(approval);
    return new Release(
        id,
        service,
        candidate,
        stable,
        comparison,
        pipeline,
        gates,
        phase,
        paused,
        more,
        wayBack,
        submittedBy,
        submittedAt,
        reason,
        labels);
  }

  public Release rehearsed(Duration took) {
    return new Release(
        id,
        service,
        candidate,
        stable,
        comparison,
        pipeline,
        gates,
        phase,
        paused,
        approvals,
        took,
        submittedBy,
        submittedAt,
        reason,
        labels);
  }

  public Release comparedWith(@Nullable VersionName base, Comparison how) {
    return new Release(
        id,
        service,
        candidate,
        base,
        how,
        pipeline,
        gates,
        phase,
        paused,
        approvals,
        wayBack,
        submittedBy,
        submittedAt,
        reason,
        labels);
  }

  /** The point the release is at; null before its first stage and after its last. */
  public Phase.@Nullable Point at() {
    return switch (phase) {
      case Phase.Applying p -> p.at();
      case Phase.Observing p -> p.at();
      case Phase.Promoting p -> p.at();
      case Phase.Soaking p -> p.at();
      case Phase.RollingBack p -> p.from();
      case Phase.RolledBack p -> p.from();
      case Phase.Rejected p -> p.from();
      case Phase.Submitted p -> null;
      case Phase.Succeeded p -> null;
    };
  }

  /** The stage the release is, or ended, at; null before its first stage and after success. */
  public @Nullable Stage stage() {
    Phase.Point at = at();
    return at == null ? null : pipeline.stages().get(at.stage());
  }

  /**
   * Whether the candidate should be running: not before the gates that come before its start have
   * passed, and after a failure only for as long as users may still be on it.
   */
  public boolean needsCandidate() {
    return switch (phase) {
      case Phase.Submitted p -> false;
      case Phase.Applying p -> p.at().stage() > 0 || pipeline.stages().getFirst().touchesTraffic();
      case Phase.Observing p -> true;
      case Phase.Promoting p -> true;
      case Phase.Soaking p -> true;
      case Phase.RollingBack p -> p.touchedTraffic();
      case Phase.Succeeded p -> false;
      case Phase.RolledBack p -> false;
      case Phase.Rejected p -> false;
    };
  }

  /** The weight of the canary step the release is at; null elsewhere. */
  public @Nullable Share canaryWeight() {
    Phase.Point at = at();
    return at != null && pipeline.stages().get(at.stage()) instanceof Stage.Canary canary
        ? canary.weights().get(at.step())
        : null;
  }

  /**
   * The point after the present one; null where the pipeline ends, or no stage has begun or all
   * have.
   */
  public Phase.@Nullable Point next() {
    Phase.Point at = at();
    if (at == null) {
      return null;
    }
    if (at.step() + 1 < pipeline.stages().get(at.stage()).steps()) {
      return new Phase.Point(at.stage(), at.step() + 1);
    }
    return at.stage() + 1 < pipeline.stages().size() ? new Phase.Point(at.stage() + 1, 0) : null;
  }

  /** The approval that the pipeline asks for and nobody has given yet; null if it lacks none. */
  private Stage.@Nullable Approval openApproval() {
    for (Stage stage : pipeline.stages()) {
      if (stage instanceof Stage.Canary canary && canary.approval() != null) {
        Share before = canary.approval().before();
        boolean given = approvals.stream().anyMatch(a -> a.step().equals(before));
        return given ? null : canary.approval();
      }
    }
    return null;
  }

  /** The approval that the step after the present one still lacks; null if it lacks none. */
  public Stage.@Nullable Approval awaitedApproval() {
    Phase.Point next = next();
    Stage.Approval open = openApproval();
    boolean due =
        phase instanceof Phase.Observing
            && open != null
            && next != null
            && pipeline.stages().get(next.stage()) instanceof Stage.Canary canary
            && canary.weights().get(next.step()).equals(open.before());
    return due ? open : null;
  }

  /**
   * The approval that keeps {@code actor} from that intent: the intent would give it or pass over
   * it, and the pipeline wants someone else than the submitter for it. Null where nothing does.
   */
  public Stage.@Nullable Approval reservedFrom(String actor, Intent.Kind kind) {
    Stage.Approval open =
        switch (kind) {
          case APPROVE, PROMOTE -> openApproval();
          case PAUSE, RESUME, ROLLBACK, ABORT, SUPERSEDE -> null;
        };
    return open != null && open.notSubmitter() && actor.equals(submittedBy) ? open : null;
  }

  /** The intents that make sense now; an intent outside is refused with this set. */
  public Set<Intent.Kind> admits() {
    return Admission.of(this);
  }
}
