package dev.sluice.workload;

import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import dev.sluice.model.Unavailable;
import dev.sluice.workload.Launcher.Found;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One replica: one process after another, and what is known of it. A virtual thread of its own
 * takes it from step to step; deaths and wishes come from other threads and wake it.
 */
final class Replica {
  private static final System.Logger LOG = System.getLogger(Replica.class.getName());
  private static final Duration FOREVER = Duration.ofDays(365);
  private static final Duration STOP_AGAIN = Duration.ofSeconds(5);

  private enum Stage {
    /** Found alive after a restart; nobody has said yet what it should be. */
    ADOPTED,
    /** To be started when its time comes. */
    DUE,
    RUNNING,
    DEAD,
    /** Can't be run as declared. */
    REFUSED,
    STOPPING,
    /** Stopped for good, or left alone because the controller goes. */
    OVER
  }

  /** What it should be. */
  private record Wish(ModelService service, ModelVersion version, boolean revive) {}

  private final Surroundings world;
  private final ReplicaDirectory directory;
  private final int index;
  private final Backoff backoff;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final CompletableFuture<Void> checked = new CompletableFuture<>();

  private final Bell bell = new Bell();
  // from here to view: only within the bell's lock
  private Stage stage = Stage.DUE;
  private @Nullable Wish wish;
  private @Nullable Running latest;
  private String detail = "starting";
  private @Nullable String death;
  private @Nullable Instant diedAt;

  /** What the artifacts looked like then; null: another start wouldn't help. */
  private @Nullable String refusedFor;

  private long dueNanos = System.nanoTime();

  private volatile ReplicaView view = new ReplicaView(detail, null, null, null, null, null);

  /**
   * @param found what a crash or restart of the controller left in the directory
   * @param after when another replica has left this directory
   */
  Replica(
      Surroundings world,
      ReplicaDirectory directory,
      int index,
      Found found,
      CompletableFuture<Void> after) {
    this.world = world;
    this.directory = directory;
    this.index = index;
    this.backoff = new Backoff(world.options().firstBackoff(), world.options().mostBackoff());
    within(() -> lookBack(found));
    var unused = after.thenRun(() -> Thread.ofVirtual().name("replica").start(this::live));
  }

  /** Says what it should be from now on; it gets there by itself. */
  void wish(ModelService service, ModelVersion version, boolean revive) {
    within(
        () -> {
          boolean first = wish == null;
          wish = new Wish(service, version, revive);
          switch (stage) {
            case ADOPTED -> {
              stage = Stage.RUNNING;
              bell.ring();
            }
            case DEAD -> {
              if (revive) {
                startLater(detail);
              }
            }
            case REFUSED -> {
              if (refusedFor != null
                  && !refusedFor.equals(world.artifacts().fingerprint(version))) {
                startLater("starting");
              }
            }
            case DUE -> {
              if (first) {
                bell.ring();
              }
            }
            case RUNNING, STOPPING, OVER -> {}
          }
          return null;
        });
  }

  /** Whether it has a process that runs another artifact set than this. */
  boolean runsOtherThan(ModelVersion version) {
    return within(
        () -> {
          Running running = running();
          return running != null && !running.record().versionDigest().equals(version.digest());
        });
  }

  /** Completes when the artifacts were checked, or there was no need to. */
  CompletableFuture<Void> checked() {
    return checked;
  }

  /**
   * @throws Rejected if it can't be run as declared
   */
  void throwIfRefused() {
    String why = within(() -> stage == Stage.REFUSED ? death : null);
    if (why != null) {
      throw new Rejected(why);
    }
  }

  ReplicaView view() {
    return view;
  }

  /** Memory now, and the highest that was seen since the start. */
  Optional<ProcessTable.Memory> memory() {
    return within(
        () -> {
          Running running = running();
          return running == null ? Optional.empty() : running.memory(world.launcher());
        });
  }

  /** Looks whether an adopted process still lives; its own child's end is told by the OS. */
  void look() {
    ReplicaRecord adopted =
        within(
            () -> {
              Running running = running();
              return running != null && running.adopted ? running.record() : null;
            });
    if (adopted != null && !world.launcher().lives(directory, adopted)) {
      ended(adopted.token(), "ended; how can't be known of an adopted process");
    }
  }

  void boundLog() throws IOException {
    directory.boundLog(world.options().logLimitBytes());
  }

  /** Takes it out of service at once and ends it, after the delay. Completes when it is gone. */
  CompletableFuture<Void> stop(Duration delay) {
    within(
        () -> {
          if (stage != Stage.OVER) {
            long due = System.nanoTime() + delay.toNanos();
            dueNanos = stage == Stage.STOPPING && dueNanos - due < 0 ? dueNanos : due;
            stage = Stage.STOPPING;
            death = null;
            diedAt = null;
            detail = "stopping";
            bell.ring();
          }
          return null;
        });
    return gone;
  }

  /** Lets go of it: the process goes on without us. */
  void leave() {
    within(
        () -> {
          stage = Stage.OVER;
          bell.ring();
          return null;
        });
  }

  private void live() {
    try {
      while (within(() -> stage) != Stage.OVER && !Thread.currentThread().isInterrupted()) {
        bell.await(step());
      }
    } finally {
      checked.complete(null);
    }
  }

  private @Nullable Void lookBack(Found found) {
    switch (found) {
      case Found.Nothing nothing -> {}
      case Found.Living living -> {
        latest = new Running(living.record(), readiness(living.record()), true);
        stage = Stage.ADOPTED;
        detail = "adopted";
        checked.complete(null);
      }
      case Found.Ended ended -> {
        latest = new Running(ended.record(), readiness(ended.record()), true);
        stage = Stage.ADOPTED; // alive, as far as we knew until a moment ago
        ended(ended.record().token(), "ended while Sluice was away");
        checked.complete(null);
      }
      case Found.Unreadable unreadable -> refuse(unreadable.why(), null);
    }
    return null;
  }

  /** Does what is next; returns how long to wait afterwards unless woken. */
  private Duration step() {
    try {
      return switch (within(() -> stage)) {
        case DUE -> start();
        case RUNNING -> probe();
        case STOPPING -> end();
        case ADOPTED, DEAD, REFUSED, OVER -> FOREVER;
      };
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "replica of " + directory.file(), e);
      within(() -> detail = String.valueOf(e));
      return world.options().firstBackoff();
    }
  }

  private Duration start() {
    Wish wished = within(() -> wish);
    Duration left = untilDue();
    if (wished == null || left.isPositive()) {
      return wished == null ? FOREVER : left;
    }
    String fingerprint = world.artifacts().fingerprint(wished.version());
    try {
      Path model = world.artifacts().verified(wished.version()); // slow, so not under the lock
      within(() -> stage == Stage.DUE ? launch(wished, model) : null);
    } catch (Rejected e) {
      within(() -> refuse(String.valueOf(e.getMessage()), fingerprint));
      world.changed().run();
    } catch (Unavailable e) {
      // the machine's fault, not the version's: tried again even where it isn't to be revived
      within(
          () -> {
            if (stage == Stage.DUE) {
              backoff.ended(null, world.clock().instant());
              startLater(String.valueOf(e.getMessage()));
            }
            return null;
          });
    } finally {
      checked.complete(null);
    }
    return Duration.ZERO;
  }

  private @Nullable Void launch(Wish wished, Path model) {
    Launcher.Started started =
        world.launcher().start(directory, wished.service(), wished.version(), index, model);
    latest = new Running(started.record(), readiness(started.record()), false);
    stage = Stage.RUNNING;
    death = null;
    diedAt = null;
    String token = started.record().token();
    var unused =
        started.process().onExit().thenAccept(p -> ended(token, ExitCode.phrase(p.exitValue())));
    return null;
  }

  private @Nullable Void refuse(String why, @Nullable String fingerprint) {
    if (stage == Stage.DUE) {
      stage = Stage.REFUSED;
      refusedFor = fingerprint;
      died(why, world.clock().instant());
    }
    return null;
  }

  private Duration probe() {
    Wish wished = within(() -> wish);
    Running asked = within(this::running);
    if (wished == null || asked == null) {
      return FOREVER;
    }
    int abreast = within(() -> asked.readiness.abreast(wished.version().warmup()));
    boolean before = view.ready();
    Duration pause = Duration.ZERO;
    for (ProbeResult result : probes(asked, wished, abreast)) {
      pause = within(() -> weigh(asked, wished, result));
    }
    if (before != view.ready()) {
      world.changed().run();
    }
    return pause;
  }

  private List<ProbeResult> probes(Running asked, Wish wished, int abreast) {
    Supplier<ProbeResult> one =
        () ->
            world
                .probe()
                .probe(asked.endpoint(), wished.service(), wished.version())
                .and(world.host().of(wished.version(), memory()));
    return Probe.abreast(abreast, one);
  }

  private Duration weigh(Running asked, Wish wished, ProbeResult result) {
    if (running() != asked) {
      return Duration.ZERO; // it died or was stopped meanwhile
    }
    Readiness readiness = asked.readiness;
    Duration pause =
        readiness.weigh(result, wished.version().warmup(), wished.service().warm().proveEvery());
    if (readiness.isReady() && asked.record().warmedAt() == null) {
      asked.record(asked.record().warmed(result.at()));
      world.launcher().save(directory, asked.record());
    }
    return pause;
  }

  private void ended(String token, String how) {
    Running ended =
        within(
            () -> {
              Running running = running();
              if (running == null || !running.is(token)) {
                return null;
              }
              note(running, how);
              stage = Stage.DEAD;
              if (wish != null && wish.revive()) {
                startLater(detail);
              }
              return running;
            });
    if (ended != null) {
      world.changed().run();
      Thread.ofVirtual().start(() -> world.launcher().clear(ended.record()));
    }
  }

  /** Notes a death, also on disk; one that is noted there already stays as it was. */
  private void note(Running running, String how) {
    ReplicaRecord record = running.record();
    Instant now = world.clock().instant();
    if (record.death() == null || record.diedAt() == null) {
      String why = world.launcher().lastWords(directory, record, how);
      running.record(record.ended(why, now));
      world.launcher().save(directory, running.record());
      died(why, now);
    } else {
      died(record.death(), record.diedAt());
    }
    backoff.ended(running.readiness.readySince(), now);
  }

  private void died(String why, Instant at) {
    death = why;
    diedAt = at;
    detail = why;
    LOG.log(System.Logger.Level.WARNING, "{0}: {1}", directory.file().getParent(), why);
  }

  private void startLater(String why) {
    Duration pause = backoff.pause();
    stage = Stage.DUE;
    death = null;
    diedAt = null;
    dueNanos = System.nanoTime() + pause.toNanos();
    detail = pause.isZero() ? why : why + "; starting again after " + pause.toMillis() + " ms";
    bell.ring();
  }

  private Duration end() {
    Duration left = untilDue();
    if (left.isPositive()) {
      return left;
    }
    Running last = within(() -> latest);
    if (last != null
        && !world.launcher().end(directory, last.record(), world.options().stopGrace())) {
      within(() -> detail = "stopping: it doesn't end on SIGKILL");
      return STOP_AGAIN;
    }
    leave();
    gone.complete(null);
    world.changed().run();
    return Duration.ZERO;
  }

  /** The process, if it lives and is to. */
  private @Nullable Running running() {
    return stage == Stage.RUNNING || stage == Stage.ADOPTED ? latest : null;
  }

  private Readiness readiness(ReplicaRecord record) {
    return new Readiness(
        record.warmedAt() != null, world.options().probeEvery(), world.options().warmupLimit());
  }

  private Duration untilDue() {
    return within(() -> Duration.ofNanos(dueNanos - System.nanoTime()));
  }

  private <T extends @Nullable Object> T within(Supplier<T> action) {
    return bell.within(action, this::publish);
  }

  private void publish() {
    Running running = running();
    view =
        new ReplicaView(
            running == null || stage == Stage.ADOPTED ? detail : running.readiness.detail(),
            running != null && running.readiness.isReady() ? running.endpoint() : null,
            death,
            diedAt,
            latest == null ? null : latest.readiness.lastProof(),
            latest == null ? null : latest.readiness.lastProbe());
  }
}
