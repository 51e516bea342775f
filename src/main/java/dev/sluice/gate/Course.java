package dev.sluice.gate;

import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.stats.Carry;
import dev.sluice.stats.RestartPlan;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Where along a release a gate collects evidence, known before the release starts: what part of its
 * stake is put to work at which step (design sections 2 and 5). Evidence of the segments
 * multiplies, since each is fed by later requests than the one before.
 *
 * <p>What a segment holds back until a later step starts is there when that step finds something. A
 * segment that other segments follow keeps a part for them too: shadow three tenths ({@link
 * Carry}), a split the weight of one more step.
 */
record Course(Map<Segment, List<Phase.Point>> points) {

  static Course of(Release release, String gate) {
    Map<Segment, List<Phase.Point>> points = new EnumMap<>(Segment.class);
    for (int stage = 0; stage < release.pipeline().stages().size(); stage++) {
      if (!release.pipeline().stages().get(stage).gates().contains(gate)) {
        continue;
      }
      for (int step = 0; step < release.pipeline().stages().get(stage).steps(); step++) {
        Phase.Point at = new Phase.Point(stage, step);
        Segment segment = Segment.of(release, at);
        if (segment != null) {
          points.computeIfAbsent(segment, s -> new ArrayList<>()).add(at);
        }
      }
    }
    return new Course(points);
  }

  /** Index of a point among the points of its segment. */
  int start(Segment segment, Phase.Point at) {
    int index = points.getOrDefault(segment, List.of()).indexOf(at);
    if (index < 0) {
      throw new IllegalArgumentException("the pipeline has no such point for this gate: " + at);
    }
    return index;
  }

  /**
   * The stake that goes to work with the first batch of start {@code start}: its own weight and
   * that of starts since {@code last} which saw no data.
   *
   * @param last the last start that had a batch; -1 before the first
   */
  double restart(Segment segment, int last, int start) {
    int starts = points.getOrDefault(segment, List.of()).size();
    int plan = starts + (segment == Segment.SPLIT && points.containsKey(Segment.ALONE) ? 1 : 0);
    double weight = 0;
    for (int i = last + 1; i <= start; i++) {
      weight += RestartPlan.weight(i, plan);
    }
    return weight;
  }

  /** Log e-value of all segments together, from each one's own. */
  double logE(Map<Segment, Double> logs) {
    double shadow = logs.getOrDefault(Segment.SHADOW, 0.0);
    boolean goesOn = points.containsKey(Segment.SPLIT) || points.containsKey(Segment.ALONE);
    return (goesOn ? Carry.DEFAULT.duringShadow(shadow) : shadow)
        + logs.getOrDefault(Segment.SPLIT, 0.0)
        + logs.getOrDefault(Segment.ALONE, 0.0);
  }
}
