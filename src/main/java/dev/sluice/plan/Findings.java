package dev.sluice.plan;

import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import dev.sluice.plan.Itinerary.Hold;
import dev.sluice.plan.Itinerary.Leg;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What many walks came to.
 *
 * @param sound walks of a candidate as good as stable
 * @param unsound walks of worse ones
 */
record Findings(Itinerary itinerary, List<Walk> sound, List<Tried> unsound) {
  /** A gate that passes in time less often than this is said not to. */
  private static final double MOSTLY = .5;

  /** Walks of a candidate that is worse in the sense of one gate. */
  record Tried(String gate, double worse, List<Walk> walks) {}

  Plan plan() {
    List<Plan.PlannedStage> stages = itinerary.legs().stream().map(this::stage).toList();
    return new Plan(
        itinerary.service().name().value(),
        itinerary.release().pipeline().name(),
        itinerary.traffic().perSecond(),
        itinerary.traffic().basis(),
        stages,
        unsound.stream().map(Findings::regression).toList(),
        notes(stages));
  }

  private Plan.PlannedStage stage(Leg leg) {
    // a walk that never came here says nothing of it
    List<Walk> here = sound.stream().filter(walk -> walk.reached(leg)).toList();
    List<Double> ends = marks(here, walk -> walk.ended(leg), Walk.Mark::seconds);
    return new Plan.PlannedStage(
        leg.stage().word(),
        shares(leg.stage()),
        leg.least() * leg.stage().steps(),
        leg.deadline(),
        quantile(ends, here.size(), .5),
        inTime(here, walk -> walk.ended(leg)),
        leg.gates().keySet().stream().map(gate -> gate(here, leg, gate)).toList());
  }

  private static Plan.PlannedGate gate(List<Walk> here, Leg leg, String gate) {
    Function<Walk, Walk.@Nullable Mark> mark = walk -> walk.passed(leg).get(gate);
    List<Double> seconds = marks(here, mark, Walk.Mark::seconds);
    return new Plan.PlannedGate(
        gate,
        quantile(marks(here, mark, Walk.Mark::requests), here.size(), .5),
        quantile(seconds, here.size(), .5),
        quantile(seconds, here.size(), .9),
        leg.hold(gate).due(),
        inTime(here, mark));
  }

  private static List<Double> marks(
      List<Walk> walks,
      Function<Walk, Walk.@Nullable Mark> mark,
      ToDoubleFunction<Walk.Mark> number) {
    List<Double> all = new ArrayList<>();
    for (Walk walk : walks) {
      Walk.Mark at = mark.apply(walk);
      if (at != null) {
        all.add(number.applyAsDouble(at));
      }
    }
    return all;
  }

  private static double inTime(List<Walk> walks, Function<Walk, Walk.@Nullable Mark> mark) {
    int all = 0;
    for (Walk walk : walks) {
      Walk.Mark at = mark.apply(walk);
      all += at != null && !at.late() ? 1 : 0;
    }
    return walks.isEmpty() ? 0 : (double) all / walks.size();
  }

  /** Of {@code all}, those that aren't among the values being endless; null: endless. */
  private static @Nullable Double quantile(List<Double> values, int all, double level) {
    int rank = (int) Math.ceil(level * all);
    return rank == 0 || rank > values.size()
        ? null
        : values.stream().sorted().toList().get(rank - 1);
  }

  private static List<String> shares(Stage stage) {
    return switch (stage) {
      case Stage.Shadow shadow -> List.of(shadow.share().toString());
      case Stage.Canary canary -> canary.weights().stream().map(Share::toString).toList();
      case Stage.Promotion promotion -> List.of(Share.ALL.toString());
      case Stage.Staging staging -> List.of();
      case Stage.Synthetic synthetic -> List.of();
    };
  }

  private static Plan.PlannedRegression regression(Tried tried) {
    int all = tried.walks().size();
    List<Walk.Found> found =
        tried.walks().stream().map(Walk::found).filter(Objects::nonNull).toList();
    long overdue = tried.walks().stream().filter(Walk::overdue).count();
    return new Plan.PlannedRegression(
        tried.gate(),
        tried.worse(),
        (double) found.size() / all,
        (double) overdue / all,
        (double) (all - found.size() - overdue) / all,
        found.stream()
            .collect(Collectors.groupingBy(f -> f.leg().stage().word(), Collectors.counting()))
            .entrySet()
            .stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(null),
        quantile(found.stream().map(Walk.Found::requests).toList(), all, .5),
        quantile(found.stream().map(Walk.Found::seconds).toList(), all, .5),
        quantile(found.stream().map(Walk.Found::exposed).toList(), all, .5),
        quantile(found.stream().map(Walk.Found::exposed).toList(), found.size(), .9));
  }

  private List<String> notes(List<Plan.PlannedStage> stages) {
    List<String> notes = new ArrayList<>();
    for (int i = 0; i < stages.size(); i++) {
      Leg leg = itinerary.legs().get(i);
      Plan.PlannedStage stage = stages.get(i);
      if (sound.stream().noneMatch(walk -> walk.reached(leg))) {
        notes.add("no release comes as far as " + stage.stage());
        continue;
      }
      stage.gates().stream()
          .filter(gate -> gate.passesInTime() < MOSTLY)
          .sorted(Comparator.comparingDouble(Plan.PlannedGate::passesInTime))
          .forEach(gate -> notes.add(note(stage, leg.hold(gate.gate()), gate)));
    }
    for (Leg leg : itinerary.legs()) {
      if (leg.stage() instanceof Stage.Canary canary && canary.approval() != null) {
        notes.add(
            "canary waits for an approval before %s: the time a person takes is not counted"
                .formatted(canary.approval().before()));
      }
    }
    Set<String> unplanned = itinerary.unplanned();
    if (!unplanned.isEmpty()) {
      notes.add(
          "taken to pass at once, since recent requests don't tell how they fare: "
              + String.join(", ", unplanned));
    }
    return notes;
  }

  private static String note(Plan.PlannedStage stage, Hold hold, Plan.PlannedGate gate) {
    String how =
        gate.passesInTime() == 0
            ? "can't pass before its deadline of "
            : "passes in only %.0f%% of releases before its deadline of "
                .formatted(gate.passesInTime() * 100);
    Double median = gate.medianSeconds();
    Double requests = gate.medianRequests();
    String instead =
        median == null || requests == null
            ? ", nor in ten times that"
            : ": it takes %s, or %,.0f requests of the candidate"
                .formatted(Spans.text(median), requests);
    return String.format(
        Locale.ROOT,
        "%s %s %s%s",
        stage.stage(),
        gate.gate(),
        how + Spans.text(hold.due()),
        instead);
  }
}
