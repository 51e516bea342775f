package dev.sluice.store;

import dev.sluice.json.ModelJson;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A release; what never changes and what the loop moves are kept apart. */
@Entity
@Table(name = "release")
@DynamicUpdate
@SuppressWarnings("NullAway.Init") // Hibernate fills what it makes
class ReleaseRow {
  /** The words of the phases that are never left but by a rollback after promotion. */
  static final List<String> ENDED = List.of("succeeded", "rolled-back", "rejected");

  static final String SUBMITTED = "submitted";

  @Id UUID id;

  @Column(insertable = false, updatable = false)
  long sequence;

  @Column(columnDefinition = "text", updatable = false)
  String service;

  @Column(columnDefinition = "text", updatable = false)
  String candidate;

  @Column(columnDefinition = "text")
  String phase;

  @Column(columnDefinition = "jsonb", updatable = false)
  @ColumnTransformer(write = "?::jsonb")
  String labels;

  @Column(name = "submitted_by", columnDefinition = "text", updatable = false)
  String submittedBy;

  @Column(name = "submitted_at", updatable = false)
  Instant submittedAt;

  @Column(columnDefinition = "text", updatable = false)
  String pinned;

  @Column(columnDefinition = "text")
  String state;

  protected ReleaseRow() {}

  /** What submission pinned for good. */
  record Pinned(
      Pipeline pipeline,
      Map<String, QualityGate> gates,
      Instant submittedAt,
      String reason,
      Map<String, String> labels) {}

  /** What the loop moves. */
  record State(
      Phase phase,
      @Nullable VersionName stable,
      Release.Comparison comparison,
      Release.@Nullable Paused paused,
      List<Release.Approved> approvals,
      @Nullable Duration wayBack) {}

  static ReleaseRow of(Release release) {
    ReleaseRow row = new ReleaseRow();
    row.id = release.id().value();
    row.service = release.service().value();
    row.candidate = release.candidate().value();
    row.labels = ModelJson.write(release.labels());
    row.submittedBy = release.submittedBy();
    row.submittedAt = release.submittedAt();
    row.pinned =
        ModelJson.write(
            new Pinned(
                release.pipeline(),
                release.gates(),
                // the column keeps microseconds only
                release.submittedAt(),
                release.reason(),
                release.labels()));
    row.become(release);
    return row;
  }

  final void become(Release release) {
    phase = release.phase().word();
    state =
        ModelJson.write(
            new State(
                release.phase(),
                release.stable(),
                release.comparison(),
                release.paused(),
                release.approvals(),
                release.wayBack()));
  }

  boolean ended() {
    return ENDED.contains(phase);
  }

  ReleaseId releaseId() {
    return new ReleaseId(id);
  }

  Release toModel() {
    Pinned p = ModelJson.read(pinned, Pinned.class);
    State s = ModelJson.read(state, State.class);
    return new Release(
        releaseId(),
        new ServiceName(service),
        new VersionName(candidate),
        s.stable(),
        s.comparison(),
        p.pipeline(),
        p.gates(),
        s.phase(),
        s.paused(),
        s.approvals(),
        s.wayBack(),
        submittedBy,
        p.submittedAt(),
        p.reason(),
        p.labels());
  }
}
