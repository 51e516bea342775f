package dev.sluice.web;

import dev.sluice.model.EvidencePoint;
import dev.sluice.model.GateReport;
import dev.sluice.model.Phase;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.store.AuditTrail;
import dev.sluice.store.ReleaseStore.Recorded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A release told to someone who wasn't there: what was released and by whom, how it ended and why,
 * what each gate asked, answered and rested on, who approved what.
 *
 * @param outcome {@code succeeded}, {@code rolled-back}, {@code rejected}, or the phase it is in
 * @param ending one sentence: how it ended, or where it is
 * @param moments what happened, oldest first
 * @param gates those that failed first, then in the order in which they first spoke
 * @param audit what was done to it, each row bound to the one before
 */
public record ReleaseReport(
    Release release,
    String outcome,
    String ending,
    List<Fact> facts,
    List<Moment> moments,
    List<Gate> gates,
    List<Release.Approved> approvals,
    List<AuditTrail.Link> audit,
    Instant madeAt) {

  /** A name with its value. */
  public record Fact(String name, String value) {}

  /**
   * @param after how long after the submission
   * @param grave whether it is one that a reader looks for first
   */
  public record Moment(String after, String kind, String actor, String text, boolean grave) {}

  /**
   * One gate over the whole release.
   *
   * @param question what it asks, in plain words
   * @param weight its part of the false-rollback bound, as declared; null where it declares none
   * @param answers what it said last in each stage
   * @param plot null for a gate without statistics
   */
  public record Gate(
      String name,
      String kind,
      String question,
      @Nullable String weight,
      boolean dryRun,
      List<GateReport> answers,
      @Nullable EvidencePlot plot) {
    /** The worst that it said. */
    public String verdict() {
      return answers.stream()
          .map(a -> a.verdict().word())
          .filter("fail"::equals)
          .findFirst()
          .orElse(answers.getLast().verdict().word());
    }
  }

  /** Everything the store knows of a release. */
  record Sources(
      Release release,
      List<GateReport> evidence,
      List<EvidencePoint> course,
      List<Recorded> events,
      List<AuditTrail.Link> audit) {}

  /**
   * @param question what a gate of that kind asks
   */
  static ReleaseReport of(Sources from, Function<QualityGate, String> question, Instant now) {
    Release release = from.release();
    return new ReleaseReport(
        release,
        release.phase().word(),
        ending(release),
        facts(release, from.evidence()),
        moments(release, from.events()),
        gates(from, question, now),
        release.approvals(),
        from.audit(),
        now);
  }

  private static String ending(Release release) {
    return switch (release.phase()) {
      case Phase.Succeeded p ->
          "Version " + release.candidate() + " earned every stage and is the stable version.";
      case Phase.RolledBack p ->
          "Users are back on "
              + (release.stable() == null ? "no version" : "version " + release.stable())
              + ", "
              + Duration.between(p.verdictAt(), p.since()).toMillis()
              + " ms after the verdict. "
              + p.why().sentence();
      case Phase.Rejected p ->
          "It was refused before it touched production traffic. " + p.why().sentence();
      case Phase.RollingBack p -> "Users are being brought back. " + p.why().sentence();
      case Phase.Submitted p -> "It waits to be taken up.";
      case Phase.Applying p -> underWay(release);
      case Phase.Observing p -> underWay(release);
      case Phase.Promoting p -> underWay(release);
      case Phase.Soaking p -> underWay(release);
    };
  }

  private static String underWay(Release release) {
    return "It is under way"
        + (release.stage() == null ? "." : ", in " + release.stage().word() + ".");
  }

  private static List<Fact> facts(Release release, List<GateReport> evidence) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Model service", release.service().value()));
    facts.add(new Fact("Candidate", release.candidate().value()));
    facts.add(
        new Fact(
            "Compared with",
            release.stable() == null
                ? "nothing: the service's first version, judged by its SLO"
                : "version "
                    + release.stable()
                    + (release.comparison() == Release.Comparison.SLO
                        ? " was broken: judged by the service's SLO"
                        : ", over the same requests or the same time")));
    facts.add(
        new Fact("Submitted", Told.time(release.submittedAt()) + " by " + release.submittedBy()));
    if (!release.reason().isBlank()) {
      facts.add(new Fact("Reason given", release.reason()));
    }
    if (!release.labels().isEmpty()) {
      facts.add(
          new Fact(
              "Labels",
              release.labels().entrySet().stream()
                  .sorted(Map.Entry.comparingByKey())
                  .map(e -> e.getKey() + "=" + e.getValue())
                  .collect(Collectors.joining(", "))));
    }
    facts.add(
        new Fact(
            "Lasted", Told.span(Duration.between(release.submittedAt(), release.phase().since()))));
    facts.add(new Fact("Pipeline", release.pipeline().name() + ", " + release.pipeline().digest()));
    facts.add(
        new Fact(
            "Bound on false rollbacks",
            Told.percent(release.pipeline().falseRollback())
                + ": a release that changes nothing is rolled back by its gates no more often, over"
                + " all gates, stages and looks together"));
    facts.add(
        new Fact(
            "Candidate measurements",
            Told.count(evidence.stream().mapToLong(GateReport::samples).max().orElse(0))));
    if (release.wayBack() != null) {
      facts.add(new Fact("Way back, rehearsed", Told.span(release.wayBack())));
    }
    Instant onset = onset(release.phase());
    if (onset != null) {
      facts.add(new Fact("Trouble began, says the evidence", Told.time(onset)));
    }
    return facts;
  }

  private static @Nullable Instant onset(Phase phase) {
    return switch (phase) {
      case Phase.RollingBack p -> p.onset();
      case Phase.RolledBack p -> p.onset();
      case Phase.Rejected p -> p.onset();
      case Phase.Submitted p -> null;
      case Phase.Applying p -> null;
      case Phase.Observing p -> null;
      case Phase.Promoting p -> null;
      case Phase.Soaking p -> null;
      case Phase.Succeeded p -> null;
    };
  }

  private static List<Moment> moments(Release release, List<Recorded> events) {
    return events.stream()
        .map(Recorded::event)
        .map(
            e ->
                new Moment(
                    Told.span(Duration.between(release.submittedAt(), e.at())),
                    e.kind(),
                    e.actor(),
                    e.text(),
                    "rolling-back".equals(e.to()) || "intent".equals(e.kind())))
        .toList();
  }

  private static List<Gate> gates(
      Sources from, Function<QualityGate, String> question, Instant now) {
    Release release = from.release();
    Map<String, List<GateReport>> answers = new LinkedHashMap<>();
    from.evidence().forEach(r -> answers.computeIfAbsent(r.gate(), g -> new ArrayList<>()).add(r));
    Instant end = release.phase().terminal() ? release.phase().since() : now;
    List<Gate> gates = new ArrayList<>();
    answers.forEach(
        (name, said) -> {
          QualityGate declared = release.gates().get(name);
          gates.add(
              new Gate(
                  name,
                  said.getLast().kind(),
                  declared == null ? "" : question.apply(declared),
                  declared == null || declared.weight() == 0
                      ? null
                      : Told.percent(declared.weight()),
                  declared != null && declared.mode() == QualityGate.Mode.DRY_RUN,
                  List.copyOf(said),
                  EvidencePlot.of(
                      from.course().stream().filter(p -> p.gate().equals(name)).toList(),
                      release.submittedAt(),
                      end)));
        });
    // what decided is what a reader came for; the sort is stable
    gates.sort(Comparator.comparing((Gate gate) -> !gate.verdict().equals("fail")));
    return gates;
  }
}
