package dev.sluice.gate;

import dev.sluice.model.Verdict;
import dev.sluice.signal.GoldenSignals.Answer;
import dev.sluice.signal.GoldenSignals.Run;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Right answers on the golden set, before any user is touched. An answer without a readable value
 * counts as wrong; where more than one in twenty has none, something else is the matter, and the
 * contract gate says what.
 */
@Singleton
final class GoldenQualityGate implements GateKind {
  static final String KIND = "golden-quality";
  private static final String SOURCE = "answers of the candidate to the golden set";
  private static final double MOST_UNREADABLE = .05;

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
    accuracy(p);
    GoldenName.read(p);
  }

  private static double accuracy(Parameters p) {
    return p.share("accuracy", .85, .0001, 1, "least share of right answers");
  }

  @Override
  public Look look(Context context, String state) {
    Parameters p = new Parameters(context.gate().parameters());
    double wanted = accuracy(p);
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
                  + " (traffic.answer), so labels can't be compared"));
    }
    Run run =
        context
            .signals()
            .golden()
            .run(context.release().id(), context.service(), context.candidate().name(), golden);
    if (!run.complete()) {
      return open(
          context,
          new Verdict.Undecided(
              "%s golden requests answered"
                  .formatted(Words.part(run.answers().size(), run.set().items().size()))));
    }
    return judged(context, run, wanted);
  }

  private static Look judged(Context context, Run run, double wanted) {
    int right = 0;
    int unreadable = 0;
    @Nullable String wrong = null;
    for (int i = 0; i < run.answers().size(); i++) {
      Answer answer = run.answers().get(i);
      String label = run.set().items().get(i).label();
      String value = answer.value();
      if (value == null) {
        unreadable++;
      } else if (value.strip().equals(label.strip())) {
        right++;
      } else if (wrong == null) {
        wrong = "item %s: answered '%s', right is '%s'".formatted(i + 1, value, label);
      }
    }
    int all = run.answers().size();
    SequencedMap<String, String> statistics = new LinkedHashMap<>();
    statistics.put("golden set", run.set().name() + " " + run.set().digest());
    statistics.put("right", Words.part(right, all));
    statistics.put("without a readable value", Words.part(unreadable, all));
    if (wrong != null) {
      statistics.put("first wrong answer", wrong);
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
          "the candidate answers %s golden requests rightly, %s must be"
              .formatted(Words.part(right, all), Words.percent(wanted));
      verdict = right >= wanted * all ? new Verdict.Pass(sentence) : new Verdict.Fail(sentence);
    }
    return Settled.decided(context, KIND, verdict, all, statistics, SOURCE);
  }

  private static Look open(Context context, Verdict verdict) {
    return new Look(Reports.plain(context, KIND, verdict, 0, new LinkedHashMap<>(), SOURCE), "");
  }
}
