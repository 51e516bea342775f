package dev.sluice.gate;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.sluice.model.Phase;
import dev.sluice.stats.EProcess;
import dev.sluice.stats.Prior;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The running evidence of one gate over one release: towards failing it goes on from stage to
 * stage, with stake that starts at each step; towards passing it begins anew.
 */
@JsonAutoDetect(
    fieldVisibility = Visibility.ANY,
    getterVisibility = Visibility.NONE,
    isGetterVisibility = Visibility.NONE)
final class Processes {
  private final Map<Segment, EProcess> fail = new EnumMap<>(Segment.class);

  /** The last start along the course that had a batch. */
  private final Map<Segment, Integer> started = new EnumMap<>(Segment.class);

  private final List<EProcess> pass = new ArrayList<>();

  /** Towards passing, what was seen so far doesn't count any more. */
  void beginAnew() {
    pass.clear();
  }

  /** One more batch. */
  void step(Course course, Segment in, Phase.Point at, Increments batch) {
    int start = course.start(in, at);
    double stake = course.restart(in, started.getOrDefault(in, -1), start);
    EProcess before = fail.getOrDefault(in, EProcess.empty(batch.fail().length));
    fail.put(in, before.step(stake, batch.fail()));
    started.merge(in, start, Math::max);
    boolean fresh = pass.isEmpty();
    for (int i = 0; i < batch.pass().size(); i++) {
      double[] logs = batch.pass().get(i);
      if (fresh) {
        pass.add(EProcess.empty(logs.length).step(1, logs));
      } else {
        pass.set(i, pass.get(i).step(0, logs));
      }
    }
  }

  /** Log e-value towards failing, all segments together. */
  double logFail(Course course, Map<Segment, Prior> priors) {
    Map<Segment, Double> logs = new EnumMap<>(Segment.class);
    fail.forEach(
        (in, process) -> {
          Prior prior = priors.get(in);
          if (prior != null) {
            logs.put(in, process.logE(prior));
          }
        });
    return course.logE(logs);
  }

  /** The least log e-value of the processes towards passing; 0 before the first batch. */
  double logPass(List<Prior> priors) {
    double least = pass.isEmpty() ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < pass.size(); i++) {
      least = Math.min(least, pass.get(i).logE(priors.get(i)));
    }
    return least;
  }
}
