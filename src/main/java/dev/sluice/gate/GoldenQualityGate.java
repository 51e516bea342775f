package dev.sluice.gate;

import dev.sluice.model.Verdict;
import dev.sluice.signal.GoldenSet;
import dev.sluice.signal.GoldenSignals.Asked;
import dev.sluice.signal.GoldenSignals.Run;
import dev.sluice.signal.score.Score;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Good answers on the golden set, before any user is touched: their mean score, by the scorer the
 * set declares, each item asked once. An answer without a readable value scores 0; where more than
 * one in twenty has none, something else is the matter, and the contract gate says what. Where a
 * judge is to score them and can't be had, nothing follows.
 */
@Singleton
final class GoldenQualityGate implements GateKind {
  static final String KIND = "golden-quality";
  private static final String SOURCE = "answers of the candidate to the golden set";
  private static final double MOST_UNREADABLE = .05;
  private static final int QUOTED = 200;

  /** What a sum of scores may be off by. */
  private static final double ROUNDING = 1e-9;

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Is the candidate right on the golden requests?";
  }

  @Override
  public void read(Parameters p) {
    wanted(p);
    GoldenName.read(p);
  }

  private static double wanted(Parameters p) {
    return p.share(
        "score", .85, .0001, 1, "least mean score; where answers are right or wrong, least share");
  }

  @Override
  public Look look(Context context, String state) {
    Parameters p = new Parameters(context.gate().parameters());
    double wanted = wanted(p);
    String golden = GoldenName.of(GoldenName.read(p), context);
    p.requireSound();
    Look before = Settled.again(context, state, KIND, SOURCE);
    if (before != null) {
      return before;
    }
    if (golden == null) {
      return open(context, new Verdict.Inconclusive(GoldenName.MISSING));
    }
    if (context.service().traffic().answer() == null) {
      return open(
          context,
          new Verdict.Inconclusive(
              "the service doesn't declare where in an answer the result stands"
                  + " (traffic.answer), so answers can't be scored"));
    }
    Run run =
        context
            .signals()
            .golden()
            .run(context.release().id(), context.service(), context.candidate().name(), golden);
    Verdict unfinished = unfinished(run);
    return unfinished == null ? scored(context, run, wanted) : open(context, unfinished);
  }

  private static @Nullable Verdict unfinished(Run run) {
    int all = run.set().items().size();
    if (!run.complete()) {
      return new Verdict.Undecided(
          "%s golden requests answered".formatted(Words.part(run.asked().size(), all)));
    }
    List<String> missing =
        run.asked().stream()
            .map(Asked::score)
            .filter(Score.Missing.class::isInstance)
            .map(score -> ((Score.Missing) score).why())
            .toList();
    if (!missing.isEmpty()) {
      return new Verdict.Inconclusive(
          "%s answers have no score: %s"
              .formatted(Words.part(missing.size(), all), missing.getFirst()));
    }
    int scored =
        (int) run.asked().stream().filter(asked -> asked.score() instanceof Score.Given).count();
    return scored == all
        ? null
        : new Verdict.Undecided("%s answers scored".formatted(Words.part(scored, all)));
  }

  private static Look scored(Context context, Run run, double wanted) {
    GoldenSet set = run.set();
    int all = set.items().size();
    double sum = 0;
    int right = 0;
    int unreadable = 0;
    double least = 1;
    @Nullable Asked worst = null;
    for (Asked asked : run.asked()) {
      double score = asked.score() instanceof Score.Given given ? given.value() : 0;
      sum += score;
      right += score == 1 ? 1 : 0;
      if (asked.answer().value() == null) {
        unreadable++;
      } else if (score < least) {
        least = score;
        worst = asked;
      }
    }
    SequencedMap<String, String> statistics = new LinkedHashMap<>();
    statistics.put("golden set", set.name() + " " + set.digest());
    statistics.put("scorer", set.scorer().told());
    statistics.put("mean score", Words.percent(sum / all));
    statistics.put("wholly right", Words.part(right, all));
    statistics.put("without a readable value", Words.part(unreadable, all));
    if (worst != null) {
      statistics.put("worst answer", told(set, worst, least));
    }
    Verdict verdict;
    if (unreadable > MOST_UNREADABLE * all) {
      verdict =
          new Verdict.Inconclusive(
              "%s answers have no readable value at %s, so they can't be judged; the contract gate"
                      .formatted(Words.part(unreadable, all), context.service().traffic().answer())
                  + " says what is wrong with them");
    } else {
      String sentence =
          "the candidate scores %s on %s golden requests (%s), at least %s is asked for"
              .formatted(
                  Words.percent(sum / all),
                  Words.count(all),
                  set.scorer().word(),
                  Words.percent(wanted));
      verdict =
          sum >= wanted * all - ROUNDING ? new Verdict.Pass(sentence) : new Verdict.Fail(sentence);
    }
    return Settled.decided(context, KIND, verdict, all, statistics, SOURCE);
  }

  private static String told(GoldenSet set, Asked asked, double score) {
    List<String> labels = set.items().get(asked.item() - 1).labels();
    return "item %s, %s: answered '%s'%s"
        .formatted(
            asked.item(),
            Words.percent(score),
            cut(String.valueOf(asked.answer().value())),
            labels.isEmpty() ? "" : ", right is '" + cut(String.join("' or '", labels)) + "'");
  }

  private static String cut(String text) {
    return text.length() <= QUOTED ? text : text.substring(0, QUOTED) + "…";
  }

  private static Look open(Context context, Verdict verdict) {
    return new Look(Reports.plain(context, KIND, verdict, 0, new LinkedHashMap<>(), SOURCE), "");
  }
}
