package dev.sluice.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The processes of one demo: the controller, what it started, and what those left behind. */
final class Processes {
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final Duration AFTERWARDS = Duration.ofSeconds(5);
  private static final long LOOK_EVERY_MILLIS = 50;

  private Processes() {}

  /**
   * Ends the controller, which ends what it started; then ends by force what is still there.
   *
   * @param home the demo's own directory, made for this run: whatever names it belongs to the demo
   * @return what had to be ended by force, as pid and command; empty when all went by itself
   */
  static List<String> end(ProcessHandle controller, Path home) throws InterruptedException {
    Set<ProcessHandle> ours = new LinkedHashSet<>(controller.descendants().toList());
    ours.addAll(naming(home));
    controller.destroy();
    await(List.of(controller), GRACE);
    ours.add(controller);
    ours.addAll(naming(home));
    await(ours, AFTERWARDS);
    List<ProcessHandle> left = ours.stream().filter(Processes::runs).toList();
    List<String> names = left.stream().map(Processes::describe).toList();
    left.forEach(ProcessHandle::destroyForcibly);
    await(left, AFTERWARDS);
    return names;
  }

  /** Whether anything of the demo still runs. */
  static boolean anyLeft(Path home) {
    return naming(home).stream().anyMatch(Processes::runs);
  }

  /** A database goes into the background, out of its parent's sight; its command line tells. */
  private static List<ProcessHandle> naming(Path home) {
    long self = ProcessHandle.current().pid();
    return ProcessHandle.allProcesses()
        .filter(p -> p.pid() != self)
        .filter(p -> p.info().commandLine().orElse("").contains(home.toString()))
        .toList();
  }

  /** A process that ended but was not yet collected by its parent has no command any more. */
  private static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  private static void await(Iterable<ProcessHandle> processes, Duration most)
      throws InterruptedException {
    long until = System.nanoTime() + most.toNanos();
    for (ProcessHandle process : processes) {
      while (runs(process) && System.nanoTime() < until) {
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
      }
    }
  }

  private static String describe(ProcessHandle process) {
    return process.pid() + " " + process.info().commandLine().orElse("(unknown)");
  }
}
