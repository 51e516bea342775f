package dev.sluice.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * This process's resident memory as the kernel counts it; empty where there is no {@code
 * /proc/self/status}.
 *
 * @param bytes now
 * @param peakBytes the most there ever was
 */
record ResidentMemory(OptionalLong bytes, OptionalLong peakBytes) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern LINE = Pattern.compile("(VmRSS|VmHWM):\\s+(\\d+) kB");

  static ResidentMemory now() {
    try {
      return of(Files.readAllLines(STATUS));
    } catch (IOException e) {
      return new ResidentMemory(OptionalLong.empty(), OptionalLong.empty());
    }
  }

  static ResidentMemory of(List<String> status) {
    OptionalLong bytes = OptionalLong.empty();
    OptionalLong peak = OptionalLong.empty();
    for (String line : status) {
      Matcher m = LINE.matcher(line);
      if (m.matches()) {
        OptionalLong value = OptionalLong.of(Long.parseLong(m.group(2)) * 1024);
        if (m.group(1).equals("VmRSS")) {
          bytes = value;
        } else {
          peak = value;
        }
      }
    }
    return new ResidentMemory(bytes, peak);
  }
}
