package dev.sluice.router;

import dev.sluice.router.Answer.Fate;
import dev.sluice.router.AnswerContract.Judged;
import dev.sluice.router.admission.TenantRates.Account;
import org.jspecify.annotations.Nullable;

/**
 * What a request was charged for its output before that was known.
 *
 * @param output tokens that it asked for
 */
record TokenCharge(Account account, int output) {
  /**
   * Charges what it took instead.
   *
   * @param judged null: nobody looked into the answer
   */
  void settle(Answer delivered, @Nullable Judged judged) {
    int said = judged == null ? 0 : judged.tokens();
    int taken = Math.max(said, delivered.streamed());
    boolean known = taken > 0 || delivered.fate() != Fate.WHOLE || delivered.status() >= 400;
    if (known) {
      account.settle((long) taken - output);
    }
  }
}
