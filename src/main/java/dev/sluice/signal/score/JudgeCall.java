package dev.sluice.signal.score;

import dev.sluice.model.Unavailable;
import java.util.List;

/** Asks a judge for the score of one answer. */
@FunctionalInterface
public interface JudgeCall {
  /**
   * Waits for the score, 0..1.
   *
   * @param judge its name
   * @throws Unavailable if there is none: nobody answers, in time, or with a score; the message
   *     says why
   */
  double score(String judge, Question question);

  /**
   * What a judge is told. Which version answered it isn't: that must not sway it.
   *
   * @param goldenSet its name
   * @param item the place of the request in it, from 1
   * @param request JSON text of the body that was asked
   * @param labels the answers that would be right; empty where none are known
   */
  record Question(String goldenSet, int item, String request, String answer, List<String> labels) {
    public Question {
      labels = List.copyOf(labels);
    }
  }
}
