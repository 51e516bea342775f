package dev.sluice.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {
  @Test
  void readsNowAndPeakFromTheKernelsLines() {
    ResidentMemory memory =
        ResidentMemory.of(
            List.of("Name:\tjava", "VmHWM:\t   2048 kB", "VmRSS:\t   1024 kB", "Threads:\t9"));
    assertThat(memory.bytes()).hasValue(1L << 20);
    assertThat(memory.peakBytes()).hasValue(2L << 20);
  }

  @Test
  void isEmptyWhereTheKernelSaysNothing() {
    assertThat(ResidentMemory.of(List.of()))
        .isEqualTo(new ResidentMemory(OptionalLong.empty(), OptionalLong.empty()));
  }
}
