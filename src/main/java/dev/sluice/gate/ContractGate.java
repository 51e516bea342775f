package dev.sluice.gate;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.Outcome;
import dev.sluice.model.Verdict;
import dev.sluice.signal.AnswerSchema;
import dev.sluice.signal.GoldenSignals.Answer;
import dev.sluice.signal.GoldenSignals.Asked;
import dev.sluice.signal.GoldenSignals.Run;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Callers can still read the answers: each golden answer keeps the response schema that stable
 * declares, which is what callers rely on; without a stable version, the candidate's own. One
 * violation fails it.
 */
@Singleton
final class ContractGate implements GateKind {
  static final String KIND = "contract";
  private static final String SOURCE = "answers of the candidate to the golden set";
  private static final double MOST_UNANSWERED = .05;

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Do the candidate's answers keep the response schema that callers rely on?";
  }

  @Override
  public void read(Parameters p) {
    GoldenName.read(p);
  }

  @Override
  public Look look(Context context, String state) {
    Parameters p = new Parameters(context.gate().parameters());
    String golden = GoldenName.of(GoldenName.read(p), context);
    p.requireSound();
    Look before = Settled.again(context, state, KIND, SOURCE);
    if (before != null) {
      return before;
    }
    if (golden == null) {
      return open(context, 0, new Verdict.Inconclusive(GoldenName.MISSING));
    }
    Run run =
        context
            .signals()
            .golden()
            .run(context.release().id(), context.service(), context.candidate().name(), golden);
    return judged(context, run);
  }

  private static Look judged(Context context, Run run) {
    ModelVersion promising = promising(context);
    AnswerSchema schema = new AnswerSchema(promising.contract().response());
    int kept = 0;
    int unanswered = 0;
    int broken = 0;
    @Nullable String first = null;
    for (Asked asked : run.asked()) {
      Answer answer = asked.answer();
      if (answer.outcome() == Outcome.ERROR || answer.outcome() == Outcome.TIMEOUT) {
        unanswered++;
        continue;
      }
      String violation =
          answer.status() / 100 == 2
              ? schema.violation(answer.body())
              : "status " + answer.status();
      if (violation == null) {
        kept++;
      } else {
        broken++;
        first = first == null ? "golden request " + asked.item() + ": " + violation : first;
      }
    }
    int all = run.set().items().size();
    SequencedMap<String, String> statistics = new LinkedHashMap<>();
    statistics.put("schema of", "version " + promising.name());
    statistics.put("keep the schema", Words.part(kept, all));
    statistics.put("break the schema", Words.part(broken, all));
    statistics.put("unanswered", Words.part(unanswered, all));
    if (first != null) {
      statistics.put("first violation", first);
      return Settled.decided(
          context,
          KIND,
          new Verdict.Fail(
              "the candidate's answers break the response schema callers rely on, that of version"
                  + " %s: %s".formatted(promising.name(), first)),
          run.asked().size(),
          statistics,
          SOURCE);
    }
    if (!run.complete()) {
      return open(
          context,
          run.asked().size(),
          new Verdict.Undecided(
              "%s golden requests answered, all as declared so far"
                  .formatted(Words.part(run.asked().size(), all))));
    }
    Verdict verdict =
        unanswered > MOST_UNANSWERED * all
            ? new Verdict.Inconclusive(
                "%s golden requests got no answer at all".formatted(Words.part(unanswered, all)))
            : new Verdict.Pass(
                "%s golden answers %s"
                    .formatted(
                        Words.part(kept, all),
                        schema.declared()
                            ? "keep the response schema of version " + promising.name()
                            : "are JSON; version "
                                + promising.name()
                                + " declares no response schema"));
    return Settled.decided(context, KIND, verdict, all, statistics, SOURCE);
  }

  /** Whose schema callers rely on. */
  private static ModelVersion promising(Context context) {
    ModelVersion stable = context.stable();
    return stable == null ? context.candidate() : stable;
  }

  private static Look open(Context context, int samples, Verdict verdict) {
    return new Look(
        Reports.plain(context, KIND, verdict, samples, new LinkedHashMap<>(), SOURCE), "");
  }
}
