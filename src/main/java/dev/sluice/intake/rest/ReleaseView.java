package dev.sluice.intake.rest;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A release as REST shows it. */
@Schema(name = "Release", description = "One attempt to make a candidate version the stable one")
public record ReleaseView(
    String id,
    String service,
    String candidate,
    @Schema(description = "The version to go back to; null for a service's first release")
        @Nullable String stable,
    @Schema(description = "What its gates go by: stable or slo") String comparison,
    PipelineView pipeline,
    @Schema(description = "submitted, applying, observing, …") String phase,
    @Schema(description = "The stage it is, or ended, in; null before the first and after success")
        @Nullable String stage,
    @Nullable StepView step,
    @Schema(description = "Who holds its progress; null while nobody does")
        @Nullable PausedView paused,
    @Schema(description = "The approval that its next step lacks; null if it lacks none")
        @Nullable ApprovalView awaitingApproval,
    Split split,
    @Schema(description = "The pipeline it passes") List<StageView> stages,
    @Schema(description = "What the gates of the present stage, or the last one, said last")
        List<GateView> gates,
    @Schema(description = "How long the rehearsed way back took; null before the rehearsal")
        @Nullable Long wayBackMillis,
    String submittedBy,
    Instant submittedAt,
    @Schema(description = "When its phase began") Instant since,
    String reason,
    Map<String, String> labels,
    @Schema(description = "succeeded, rolled-back or rejected; null while it is under way")
        @Nullable String outcome,
    @Schema(description = "What decided that it ends; null unless something went wrong")
        @Nullable WhyView why,
    @Schema(description = "When the evidence says the trouble began") @Nullable Instant onset,
    @Schema(description = "When the way back began") @Nullable Instant verdictAt,
    @Schema(description = "When users were read back to be on stable") @Nullable Instant restoredAt,
    @Nullable Long verdictToRestoredMillis,
    @Nullable Long onsetToRestoredMillis,
    @Schema(description = "The most candidate measurements that any gate rests on")
        long candidateRequests,
    @Schema(description = "The intents that make sense now") List<String> admits) {

  /** The pipeline that the release pinned. */
  @Schema(name = "ReleasePipeline")
  public record PipelineView(String name, String digest) {}

  /**
   * @param index from 0
   * @param of how many steps the stage has
   * @param weight the candidate's share of user requests; null where users don't reach it
   */
  @Schema(name = "ReleaseStep")
  public record StepView(int index, int of, @Nullable String weight) {}

  /** A hold on progress. */
  @Schema(name = "ReleasePaused")
  public record PausedView(String actor, String reason, Instant since) {}

  /** An approval that is waited for. */
  @Schema(name = "ReleaseApproval")
  public record ApprovalView(String before, boolean notSubmitter) {}

  /** The split that its phase wants. */
  @Schema(name = "ReleaseSplit")
  public record Split(SplitView desired) {}

  /**
   * @param steps the weights of a canary; empty elsewhere
   */
  @Schema(name = "ReleaseStage")
  public record StageView(String name, List<String> gates, List<String> steps) {}

  /**
   * @param cause {@code gate}, {@code candidate-died}, {@code deadline}, {@code way-back}, {@code
   *     operator} or {@code superseded}
   */
  @Schema(name = "ReleaseWhy")
  public record WhyView(String cause, String by, String sentence) {}
}
