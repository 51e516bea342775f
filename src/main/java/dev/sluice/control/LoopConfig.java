package dev.sluice.control;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the release loop goes about its work. */
@ConfigMapping(prefix = "sluice.loop")
public interface LoopConfig {
  /** Whether releases move at all; without it everything is taken in and shown, and waits. */
  @WithDefault("true")
  boolean enabled();

  /** How long a release that did not move waits for its next look at the evidence. */
  @WithDefault("1s")
  Duration lookEvery();

  /** How often a service is looked after between releases: its split, its pins, their proofs. */
  @WithDefault("2s")
  Duration restEvery();

  /** How long a claim is good for; longer than the worst pass takes. */
  @WithDefault("30s")
  Duration lease();

  /** How often the database is asked for work where nothing in this process tells of a change. */
  @WithDefault("500ms")
  Duration pollEvery();

  /** How many services are worked on at the same time. */
  @WithDefault("8")
  int passesAtOnce();

  /** After how long a version without traffic is stopped although requests are under way on it. */
  @WithDefault("5m")
  Duration drainDeadline();

  /** How long a submitted release waits for a stable version without one ready replica. */
  @WithDefault("30s")
  Duration stableGrace();

  /**
   * How often what has had its time is deleted: old keys, old audit rows, measurements of what
   * ended.
   */
  @WithDefault("1h")
  Duration pruneEvery();

  /**
   * Whether no other controller works on this database. It then does not wait for leases of a
   * former self that was killed. {@code serve} says so where the database is the embedded one,
   * which one controller at a time can open.
   */
  @WithDefault("false")
  boolean alone();
}
