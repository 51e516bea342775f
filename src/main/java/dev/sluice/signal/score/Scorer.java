package dev.sluice.signal.score;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the answers to a golden set are scored, each from 0 (as wrong as can be) to 1 (right). A
 * golden set declares its scorer.
 */
public sealed interface Scorer permits Scorer.Computed, Judge {
  /** The word a golden set's file names it by. */
  String word();

  /** For a report: the word, and with what it was set up. */
  default String told() {
    return word();
  }

  /** One that needs nobody else: the same answer always has the same score. */
  sealed interface Computed extends Scorer {
    /**
     * The score of an answer.
     *
     * @param labels the answers that would be right, as {@link Comparing#score(String, List)} needs
     *     them; the rules of others don't look at them
     */
    double score(String answer, List<String> labels);
  }

  /** One that compares an answer with a right one. */
  sealed interface Comparing extends Computed permits Exact, Numeric, Label, TokenF1, ChrF {
    /** How near an answer comes to a right one. */
    double score(String answer, String label);

    /** Why a text can't be the right answer of any item; null where it can. */
    default @Nullable String unfit(String label) {
      return null;
    }

    /** Where several answers are right, the one that is nearest counts. */
    @Override
    default double score(String answer, List<String> labels) {
      return labels.stream().mapToDouble(label -> score(answer, label)).max().orElse(0);
    }
  }

  /** One that checks an answer by rules which are the same for every item. */
  sealed interface Checking extends Computed permits JsonSchema, Patterns {
    /** Whether an answer keeps the rules. */
    boolean keeps(String answer);

    @Override
    default double score(String answer, List<String> labels) {
      return keeps(answer) ? 1 : 0;
    }
  }
}
