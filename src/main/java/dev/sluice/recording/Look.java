package dev.sluice.recording;

import dev.sluice.model.Exchange;
import dev.sluice.model.Intent;
import dev.sluice.model.Pair;
import dev.sluice.model.Phase;
import dev.sluice.model.Timing;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.signal.WorkloadSignals.Memory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a release, as far as decisions rest on it: what was new in what gates were given,
 * and how the world was.
 *
 * @param at when it was decided
 * @param point the step the release was at; null while it was not taken up
 * @param carried whether the data plane carried what the release's phase wanted
 * @param splitReadAt when that was read back
 * @param splitTook how long that took, as in {@link dev.sluice.model.Observation}
 * @param condition how the versions were; null: as at the look before
 * @param intents what people wanted
 * @param said by gates whose sources aren't kept, where it differs from the look before
 * @param exchanges user requests that no earlier look has
 * @param pairs that no earlier look has
 * @param pasts times of stable's answers before, where they were asked for
 * @param stalls how long stable's stalls last, where that was asked for and isn't as it was
 * @param memory of replicas, where it was asked for
 * @param learned of requests after they were answered, that no earlier look has
 */
public record Look(
    Instant at,
    Phase.@Nullable Point point,
    boolean carried,
    Instant splitReadAt,
    @Nullable Duration splitTook,
    @Nullable Condition condition,
    List<Intent> intents,
    List<Said> said,
    Stretch<Exchange> exchanges,
    Stretch<Pair> pairs,
    List<Past> pasts,
    List<Stall> stalls,
    List<Held> memory,
    List<Learned> learned) {

  public Look {
    intents = List.copyOf(intents);
    said = List.copyOf(said);
    pasts = List.copyOf(pasts);
    stalls = List.copyOf(stalls);
    memory = List.copyOf(memory);
    learned = List.copyOf(learned);
  }

  /**
   * @param stable null where there is none, or the platform could not be asked
   */
  public record Condition(@Nullable WorkloadStatus stable, WorkloadStatus candidate) {}

  /**
   * What a gate said.
   *
   * @param verdict its word
   */
  public record Said(String gate, String verdict, String why, long samples) {}

  /**
   * Observations of one kind.
   *
   * @param epoch names the data plane process that numbered them
   * @param dropped how many were lost before any gate read them
   * @param settled as in {@link dev.sluice.signal.Batch}; null where no gate read any
   * @param all how many gates were given, kept or not
   * @param ofCandidate how many of those reached the candidate
   * @param thinning of 2 to this power one was kept, whatever it says
   */
  public record Stretch<T>(
      String epoch,
      List<T> items,
      long dropped,
      @Nullable Instant settled,
      long all,
      long ofCandidate,
      int thinning) {
    public Stretch {
      items = List.copyOf(items);
    }

    /** Where no gate read any. */
    public static <T> Stretch<T> none() {
      return new Stretch<>("", List.of(), 0, null, 0, 0, 0);
    }

    boolean isNone() {
      return settled == null;
    }
  }

  /**
   * @param seconds ascending
   */
  public record Past(VersionName version, Timing timing, List<Double> seconds) {
    public Past {
      seconds = List.copyOf(seconds);
    }
  }

  /**
   * How long what slows one answer slows its neighbours, as in {@link
   * dev.sluice.signal.TrafficSignals#moment}.
   */
  public record Stall(VersionName version, Timing timing, Duration lasts) {}

  /** Memory of a version's replicas. */
  public record Held(VersionName version, List<Memory> replicas) {
    public Held {
      replicas = List.copyOf(replicas);
    }
  }

  /**
   * @param request as {@link Kept} names it
   * @param label as {@link Kept} keeps it
   */
  public record Learned(
      String request, @Nullable String label, @Nullable Double score, Instant at) {}
}
