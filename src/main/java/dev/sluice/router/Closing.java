package dev.sluice.router;

import dev.sluice.model.Exchange;
import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import dev.sluice.router.Answer.Fate;
import dev.sluice.router.AnswerContract.Judged;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is recorded of a user request: begun when it is sent, closed once when it has ended. */
final class Closing {
  /** Beyond the legs themselves: connecting, judging, an event loop that is behind. */
  private static final Duration SLACK = Duration.ofSeconds(30);

  private final Wire wire;
  private final Room room;
  private final Room.Entry arm;
  private final HttpMethod method;
  private final String requestId;
  private final OpenRequests.Open open;
  private final TokenCharge charge;
  private @Nullable Shadow shadow;

  Closing(
      Wire wire,
      Room room,
      Room.Entry arm,
      HttpMethod method,
      String requestId,
      TokenCharge charge) {
    this.wire = wire;
    this.room = room;
    this.arm = arm;
    this.method = method;
    this.requestId = requestId;
    this.charge = charge;
    this.open = room.recorder().openExchanges().begin(longest(arm.plan()));
  }

  /** How long a request can be under way: its own version and a rescue, each within the timeout. */
  static Duration longest(Plan plan) {
    return plan.route().policy().timeout().multipliedBy(2).plus(SLACK);
  }

  /** Its copy, which makes a pair with it. */
  void pairedWith(@Nullable Shadow copy) {
    shadow = copy;
  }

  /** Its caller left while it waited to be let in. */
  void abandoned() {
    arm.tally().cancelled.increment();
    charge.settle(Answer.unsent(), null);
    open.close();
  }

  /**
   * It has ended.
   *
   * @param first how the version it was drawn for answered
   * @param delivered what the caller got, from whomever
   */
  void close(Answer first, Answer delivered, boolean rescued) {
    if (first.fate() == Fate.UNSENT) {
      unsent(delivered);
      return;
    }
    judge(
        first,
        judged -> {
          if (shadow != null) {
            shadow.userSide(leg(first, judged));
          }
          if (judged == null) {
            arm.tally().unjudged.increment();
            charge.settle(delivered, null);
            open.close();
          } else if (rescued) {
            judge(
                delivered,
                last -> {
                  charge.settle(delivered, last);
                  record(first, judged, true, failsUser(delivered, last));
                });
          } else {
            charge.settle(delivered, judged);
            record(first, judged, false, failsUser(delivered, judged));
          }
        });
  }

  /** Nothing is known of the version, but its user may have met a failure. */
  private void unsent(Answer delivered) {
    arm.tally().unsent.increment();
    if (shadow != null) {
      shadow.userSide(null);
    }
    judge(
        delivered,
        last -> {
          charge.settle(delivered, last);
          if (failsUser(delivered, last)) {
            room.recorder().userError();
          }
          open.close();
        });
  }

  private void judge(Answer answer, Consumer<@Nullable Judged> whenKnown) {
    wire.judge().judge(arm.plan().contract(), method, answer, whenKnown);
  }

  /** A leg of a pair; null if it can't be counted. */
  static Pair.@Nullable Leg leg(Answer answer, @Nullable Judged judged) {
    return judged == null || answer.cold()
        ? null
        : new Pair.Leg(
            answer.replica(),
            answer.firstByteNanos(),
            answer.wholeNanos(),
            answer.perTokenNanos(judged.tokens()),
            judged.outcome(),
            answer.status(),
            judged.answer());
  }

  private static boolean failsUser(Answer delivered, @Nullable Judged judged) {
    boolean left = delivered.fate() == Fate.CANCELLED;
    boolean invalid = judged != null && judged.outcome() == Outcome.INVALID;
    return !left && (delivered.failed() || invalid);
  }

  private void record(Answer first, Judged judged, boolean rescued, boolean userError) {
    if (userError) {
      room.recorder().userError();
    }
    room.recorder()
        .exchange(
            arm.tally(),
            seq ->
                new Exchange(
                    seq,
                    requestId,
                    arm.version(),
                    first.replica(),
                    open.start(),
                    first.firstByteNanos(),
                    first.wholeNanos(),
                    first.perTokenNanos(judged.tokens()),
                    judged.outcome(),
                    first.status(),
                    rescued,
                    userError,
                    judged.answer()));
    open.close();
  }
}
