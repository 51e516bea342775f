package dev.sluice.gate;

import dev.sluice.model.Unavailable;
import dev.sluice.model.Verdict;
import dev.sluice.signal.GoldenSignals.Answer;
import dev.sluice.signal.LoadSignals;
import dev.sluice.signal.LoadSignals.Burst;
import dev.sluice.signal.LoadSignals.Plan;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Under more requests at once than it can carry, a replica of the candidate answers some and
 * refuses the others in time, with 429 or 503, and serves again when it is over: it doesn't
 * collapse. One bounded burst of golden requests, before any user is there, to one replica. A
 * server that answers all of them has shown no limit, and passes.
 */
@Singleton
final class LoadSheddingGate implements GateKind {
  static final String KIND = "load-shedding";
  private static final String SOURCE = "one burst of golden requests to a replica of the candidate";
  private static final Set<Integer> REFUSALS = Set.of(429, 503);

  private final LoadSignals load;

  LoadSheddingGate(LoadSignals load) {
    this.load = load;
  }

  private record Settings(
      int requests, Duration refuseWithin, double lost, Duration recoverWithin, String golden) {
    static Settings read(Parameters p) {
      return new Settings(
          p.count(
              "requests", 64, 2, 2_000, "golden requests sent to one replica at the same moment"),
          p.duration(
              "refuseWithin",
              Duration.ofSeconds(1),
              Duration.ofMinutes(1),
              "a refusal, 429 or 503, must come within it"),
          p.share(
              "lost", 0, 0, .5, "most requests without an answer in time, or with another error"),
          p.duration(
              "recoverWithin",
              Duration.ofSeconds(10),
              Duration.ofMinutes(5),
              "after the burst a request must be served within it"),
          GoldenName.read(p));
    }
  }

  /** The answers of a burst, counted. */
  private record Count(int served, int refused, int late, int lost, int unfit, double slowest) {
    static Count of(List<Answer> answers, Duration refuseWithin) {
      int served = 0;
      int refused = 0;
      int late = 0;
      int lost = 0;
      int unfit = 0;
      double slowest = 0;
      for (Answer answer : answers) {
        if (REFUSALS.contains(answer.status())) {
          slowest = Math.max(slowest, answer.seconds());
          if (answer.seconds() <= refuseWithin.toNanos() / 1e9) {
            refused++;
          } else {
            late++;
          }
        } else if (answer.status() / 100 == 2) {
          served++;
        } else if (answer.status() / 100 == 4) {
          unfit++;
        } else {
          lost++;
        }
      }
      return new Count(served, refused, late, lost, unfit, slowest);
    }
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Does the candidate refuse in time what it can't carry, rather than collapse?";
  }

  @Override
  public Set<String> stages() {
    // with users on it a burst would be theirs to bear
    return Set.of("staging", "synthetic");
  }

  @Override
  public void read(Parameters p) {
    Settings unused = Settings.read(p);
  }

  @Override
  public Look look(Context context, String state) {
    Parameters p = new Parameters(context.gate().parameters());
    Settings settings = Settings.read(p);
    String golden = GoldenName.of(settings.golden(), context);
    p.requireSound();
    Look before = Settled.again(context, state, KIND, SOURCE);
    if (before != null) {
      return before;
    }
    if (golden == null) {
      return open(context, 0, new Verdict.Inconclusive(GoldenName.MISSING));
    }
    Burst burst;
    try {
      burst =
          load.burst(
              context.release().id(),
              context.service(),
              context.candidate().name(),
              new Plan(golden, settings.requests(), settings.recoverWithin()));
    } catch (Unavailable e) {
      return open(context, 0, new Verdict.Inconclusive(String.valueOf(e.getMessage())));
    }
    if (!burst.over()) {
      return open(
          context,
          burst.answers().size(),
          new Verdict.Undecided(
              "%s requests of the burst have ended"
                  .formatted(Words.part(burst.answers().size(), settings.requests()))));
    }
    return judged(context, settings, burst);
  }

  private static Look judged(Context context, Settings settings, Burst burst) {
    int all = burst.answers().size();
    Count count = Count.of(burst.answers(), settings.refuseWithin());
    SequencedMap<String, String> statistics = new LinkedHashMap<>();
    statistics.put("at once", Words.count(all));
    statistics.put("served", Words.part(count.served(), all));
    statistics.put("refused in time", Words.part(count.refused(), all));
    statistics.put("refused too late", Words.part(count.late(), all));
    statistics.put("lost", Words.part(count.lost(), all));
    statistics.put("slowest refusal", Words.seconds(count.slowest()));
    Duration recovered = burst.recovered();
    statistics.put(
        "served again after",
        recovered == null ? "never" : Words.seconds(recovered.toNanos() / 1e9));
    return Settled.decided(
        context, KIND, verdict(settings, burst, count, all), all, statistics, SOURCE);
  }

  private static Verdict verdict(Settings settings, Burst burst, Count count, int all) {
    Duration recovered = burst.recovered();
    if (count.unfit() > 0) {
      return new Verdict.Inconclusive(
          "%s requests were found unfit (4xx), so nothing is known of the load that they were"
              .formatted(Words.part(count.unfit(), all)));
    }
    if (count.lost() > settings.lost() * all) {
      return new Verdict.Fail(
          "of %s requests at once the candidate left %s without an answer in time, or with an error"
              .formatted(Words.count(all), Words.part(count.lost(), all)));
    }
    if (count.late() > 0) {
      return new Verdict.Fail(
          "the candidate took up to %s to refuse a request, %s is allowed"
              .formatted(
                  Words.seconds(count.slowest()),
                  Words.seconds(settings.refuseWithin().toNanos() / 1e9)));
    }
    if (recovered == null) {
      return new Verdict.Fail(
          "the candidate served nothing for %s after %s requests at once"
              .formatted(
                  Words.seconds(settings.recoverWithin().toNanos() / 1e9), Words.count(all)));
    }
    return new Verdict.Pass(
        count.refused() == 0
            ? "the candidate served all of %s requests at once: its limit lies higher"
                .formatted(Words.count(all))
            : "of %s requests at once the candidate served %s and refused the others within %s"
                .formatted(
                    Words.count(all), Words.count(count.served()), Words.seconds(count.slowest())));
  }

  private static Look open(Context context, int samples, Verdict verdict) {
    return new Look(
        Reports.plain(context, KIND, verdict, samples, new LinkedHashMap<>(), SOURCE), "");
  }
}
