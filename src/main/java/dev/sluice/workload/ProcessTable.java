package dev.sluice.workload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the OS tells about processes, on Linux from {@code /proc}. Elsewhere a process is known by
 * its pid and start time alone: environments, memory, and so a process whose pid was not written
 * down before a crash, can't be seen there.
 */
final class ProcessTable {
  static final String VARIABLE = "SLUICE_REPLICA";

  private static final int STATE = 0;
  private static final int PARENT = 1;
  private static final int START_TICKS = 19;

  private final Path proc;
  private final boolean linux;

  /**
   * @param proc {@code /proc}
   */
  ProcessTable(Path proc) {
    this.proc = proc;
    this.linux = Files.isReadable(proc.resolve("self/stat"));
  }

  /**
   * When a live process began: the boot and the clock ticks since, which unlike the wall-clock time
   * that {@link ProcessHandle.Info#startInstant} makes of it never shift. Empty if no such process
   * lives (one that ended and wasn't reaped does not).
   */
  Optional<String> mark(long pid) {
    if (!linux) {
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .flatMap(process -> process.info().startInstant())
          .map(start -> "started " + start);
    }
    String[] stat = stat(pid);
    return stat == null
        ? Optional.empty()
        : Optional.of("boot " + bootId() + " tick " + stat[START_TICKS]);
  }

  /**
   * Whether the recorded process lives: the same pid, the same start, and it carries our token. A
   * server that wrote over its environment (many set a process title) is known by its standard
   * output instead, which is this replica's log.
   */
  boolean lives(ReplicaRecord record, Path log) {
    if (record.pid() == null || record.mark() == null) {
      return false;
    }
    long pid = record.pid();
    return mark(pid).filter(record.mark()::equals).isPresent()
        && (!linux || carries(pid, record.token(), log));
  }

  /** Live processes that carry the token, those first that were started by none of the others. */
  List<Long> bearing(String token) {
    Map<Long, String[]> found = new HashMap<>();
    for (long pid : pids()) {
      String[] stat = token.equals(token(pid)) ? stat(pid) : null;
      if (stat != null) {
        found.put(pid, stat);
      }
    }
    return found.entrySet().stream()
        .sorted(
            Comparator.comparing(
                    (Map.Entry<Long, String[]> e) ->
                        found.containsKey(Long.parseLong(e.getValue()[PARENT])))
                .thenComparingLong(e -> Long.parseLong(e.getValue()[START_TICKS]))
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Resident memory: now of the process and all it started, at peak at least that and at least what
   * the OS noted for the process itself. Empty where the OS doesn't tell.
   */
  Optional<Memory> memory(long pid) {
    long used = 0;
    long peak = 0;
    Deque<Long> open = new ArrayDeque<>(List.of(pid));
    while (!open.isEmpty()) {
      long next = open.pop();
      String status = read(proc.resolve(next + "/status"));
      if (next == pid && !status.contains("VmRSS:")) {
        return Optional.empty();
      }
      used += kilobytes(status, "VmRSS:") << 10;
      if (next == pid) {
        peak = kilobytes(status, "VmHWM:") << 10;
      }
      String children = read(proc.resolve(next + "/task/" + next + "/children"));
      Arrays.stream(children.split(" ", -1))
          .map(String::strip)
          .filter(child -> !child.isEmpty())
          .map(Long::valueOf)
          .forEach(open::push);
    }
    return Optional.of(new Memory(used, Math.max(used, peak)));
  }

  /** Memory of the machine that a process can still get; empty where the OS doesn't tell. */
  Optional<Long> availableBytes() {
    String meminfo = read(proc.resolve("meminfo"));
    return meminfo.contains("MemAvailable:")
        ? Optional.of(kilobytes(meminfo, "MemAvailable:") << 10)
        : Optional.empty();
  }

  /** NVIDIA GPUs that the machine's driver shows. */
  int gpus() {
    try (DirectoryStream<Path> gpus =
        Files.newDirectoryStream(proc.resolve("driver/nvidia/gpus"))) {
      int count = 0;
      for (Path ignored : gpus) {
        count++;
      }
      return count;
    } catch (IOException e) {
      return 0;
    }
  }

  record Memory(long usedBytes, long peakBytes) {}

  private boolean carries(long pid, String token, Path log) {
    String carried = token(pid);
    if (carried != null) {
      return carried.equals(token);
    }
    try {
      return Files.readSymbolicLink(proc.resolve(pid + "/fd/1")).equals(log.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  private @Nullable String token(long pid) {
    for (String variable : read(proc.resolve(pid + "/environ")).split("\0", -1)) {
      if (variable.startsWith(VARIABLE + "=")) {
        return variable.substring(VARIABLE.length() + 1);
      }
    }
    return null;
  }

  /** The fields of {@code stat} after the program's name; null if the process doesn't live. */
  private String @Nullable [] stat(long pid) {
    String stat = read(proc.resolve(pid + "/stat"));
    int end = stat.lastIndexOf(')');
    if (end < 0) {
      return null;
    }
    String[] fields = stat.substring(end + 1).strip().split(" ", -1);
    boolean ended = fields[STATE].equals("Z") || fields[STATE].equals("X");
    return ended || fields.length <= START_TICKS ? null : fields;
  }

  private String bootId() {
    return read(proc.resolve("sys/kernel/random/boot_id")).strip();
  }

  private List<Long> pids() {
    List<Long> pids = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
      entries.forEach(entry -> pids.add(Long.valueOf(entry.getFileName().toString())));
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    return pids;
  }

  private static long kilobytes(String text, String key) {
    return text.lines()
        .filter(line -> line.startsWith(key))
        .map(line -> line.replaceAll("\\D", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }

  /** The whole file; empty if the process is gone or not ours to look at. */
  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
