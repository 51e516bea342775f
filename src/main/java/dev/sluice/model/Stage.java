package dev.sluice.model;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One stage of a pipeline: what traffic the candidate gets there, and the gates it must pass. */
public sealed interface Stage {
  /** Every stage's word, in the order of a pipeline. */
  Set<String> WORDS =
      Collections.unmodifiableSet(
          new LinkedHashSet<>(List.of("staging", "synthetic", "shadow", "canary", "promotion")));

  /** {@code staging}, {@code synthetic}, {@code shadow}, {@code canary} or {@code promotion}. */
  String word();

  /** Names of the gates that must all pass before the stage ends. */
  List<String> gates();

  /** The least time a step of the stage lasts, counted from the split's read-back. */
  Duration atLeast();

  /** After which a step without a decision ends as {@link Pipeline.OnDeadline} says. */
  Duration deadline();

  /** How many steps it has; only a canary has more than one. */
  default int steps() {
    return 1;
  }

  /** Whether user requests, or copies of them, reach the candidate here. */
  boolean touchesTraffic();

  /** Deploy, load, readiness in depth, capacity preflight. */
  record Staging(List<String> gates, Duration atLeast, Duration deadline) implements Stage {
    public Staging {
      gates = List.copyOf(gates);
    }

    @Override
    public String word() {
      return "staging";
    }

    @Override
    public boolean touchesTraffic() {
      return false;
    }
  }

  /** Golden requests against the candidate, no user traffic. */
  record Synthetic(String golden, List<String> gates, Duration atLeast, Duration deadline)
      implements Stage {
    public Synthetic {
      gates = List.copyOf(gates);
    }

    @Override
    public String word() {
      return "synthetic";
    }

    @Override
    public boolean touchesTraffic() {
      return false;
    }
  }

  /** User requests copied, answers compared, users see only stable. */
  record Shadow(Share share, List<String> gates, Duration atLeast, Duration deadline)
      implements Stage {
    public Shadow {
      gates = List.copyOf(gates);
      if (share.isNone()) {
        throw new IllegalArgumentException("shadow share must be above 0%");
      }
    }

    @Override
    public String word() {
      return "shadow";
    }

    @Override
    public boolean touchesTraffic() {
      return true;
    }
  }

  /**
   * User traffic split in weight steps.
   *
   * @param weights the candidate's share, rising, each above 0 % and at most 100 %
   */
  record Canary(
      List<Share> weights,
      @Nullable Approval approval,
      List<String> gates,
      Duration atLeast,
      Duration deadline)
      implements Stage {
    public Canary {
      weights = List.copyOf(weights);
      gates = List.copyOf(gates);
      if (weights.isEmpty()) {
        throw new IllegalArgumentException("a canary needs at least one step");
      }
      for (int i = 0; i < weights.size(); i++) {
        if (weights.get(i).isNone()
            || (i > 0 && weights.get(i).compareTo(weights.get(i - 1)) <= 0)) {
          throw new IllegalArgumentException(
              "canary steps must rise from above 0%, were " + weights);
        }
      }
    }

    @Override
    public String word() {
      return "canary";
    }

    @Override
    public int steps() {
      return weights.size();
    }

    @Override
    public boolean touchesTraffic() {
      return true;
    }
  }

  /** All user traffic, soak, previous version pinned warm. {@code atLeast} is the soak. */
  record Promotion(List<String> gates, Duration atLeast, Duration deadline) implements Stage {
    public Promotion {
      gates = List.copyOf(gates);
    }

    @Override
    public String word() {
      return "promotion";
    }

    @Override
    public boolean touchesTraffic() {
      return true;
    }
  }

  /**
   * A person must agree before a canary step.
   *
   * @param before the step that waits
   * @param notSubmitter whether the approver must be someone else than who submitted
   */
  record Approval(Share before, boolean notSubmitter) {}
}
