package dev.sluice.intake.document;

import dev.sluice.model.BalancePolicy;
import dev.sluice.model.BalancePolicy.Ejection;
import dev.sluice.model.Share;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code traffic.balance} of a model service, and knows its shape. */
final class BalanceReader {
  private static final int MOST_FAILURES = 1_000;
  private static final int FAILURES = 5;
  private static final Duration OUT_FOR = Duration.ofSeconds(10);
  private static final Share MOST_OUT = Share.percent(50);

  private BalanceReader() {}

  /** Null if something in it is wrong. */
  static @Nullable BalancePolicy read(Fields fields, Problems problems) {
    int before = problems.count();
    Fields eject = fields.object("eject");
    int failures = eject.count("failures", 1, MOST_FAILURES, FAILURES);
    Duration time = eject.span("time", OUT_FOR);
    Share most = eject.share("most", MOST_OUT);
    eject.end();
    Duration slowStart = fields.duration("slowStart", BalancePolicy.PLAIN.slowStart());
    Share retries = fields.share("retries", BalancePolicy.PLAIN.retries());
    fields.end();
    if (problems.count() > before) {
      return null;
    }
    Ejection ejection = fields.has("eject") ? new Ejection(failures, time, most) : null;
    return new BalancePolicy(ejection, slowStart, retries);
  }

  static Map<String, Object> shape() {
    Map<String, Object> eject =
        new Shape()
            .optional("failures", Shape.count(1, MOST_FAILURES), FAILURES, "in a row")
            .optional(
                "time",
                Shape.text(Shape.DURATION),
                Units.text(OUT_FOR),
                "left out for it, the second time in a row for twice as long")
            .optional(
                "most",
                Shape.text(Shape.SHARE),
                MOST_OUT.toString(),
                "of the replicas that may be left out at once")
            .type();
    return new Shape()
        .optional("eject", eject, "when a replica that fails is left out")
        .optional(
            "slowStart",
            Shape.text(Shape.DURATION),
            Units.text(BalancePolicy.PLAIN.slowStart()),
            "how long a new replica gets fewer requests than others")
        .optional(
            "retries",
            Shape.text(Shape.SHARE),
            BalancePolicy.PLAIN.retries().toString(),
            "of all requests, at another replica; only what shadowSafe lists")
        .type();
  }
}
