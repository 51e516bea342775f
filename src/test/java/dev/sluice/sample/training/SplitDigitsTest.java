package dev.sluice.sample.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SplitDigitsTest {
  /** Of the unpacked source file, as the README beside the data states it. */
  private static final String SOURCE_SHA256 =
      "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8";

  private final List<Digit> training = Digit.part("training");
  private final List<Digit> golden = Digit.part("golden");
  private final List<Digit> traffic = Digit.part("traffic");

  private List<Digit> together() {
    return Stream.of(training, golden, traffic)
        .flatMap(List::stream)
        .sorted(Comparator.comparingInt(Digit::row))
        .toList();
  }

  @Test
  void theGoldenPartIsWrittenAsItIsRead() throws IOException {
    assertThat(Files.readAllLines(Digit.HOME.resolve("golden.jsonl")))
        .containsExactlyElementsOf(golden.stream().map(Digit::goldenLine).toList());
  }

  @Test
  void partsDoNotShareARowOfTheSource() {
    assertThat(together().stream().map(Digit::row))
        .containsExactlyElementsOf(IntStream.range(0, 1797).boxed().toList());
  }

  @Test
  void partsDoNotShareAnImage() {
    assertThat(together().stream().map(Digit::pixels)).doesNotHaveDuplicates();
  }

  @Test
  void partsTogetherAreTheSourceToTheByte() throws NoSuchAlgorithmException {
    StringBuilder source = new StringBuilder();
    together().forEach(d -> source.append(d.sourceLine()).append('\n'));
    byte[] sha256 =
        MessageDigest.getInstance("SHA-256")
            .digest(source.toString().getBytes(StandardCharsets.US_ASCII));
    assertThat(HexFormat.of().formatHex(sha256)).isEqualTo(SOURCE_SHA256);
  }

  @Test
  void theStatedRuleGivesTheCommittedParts() {
    assertThat(SplitDigits.split(together()))
        .isEqualTo(new SplitDigits.Parts(training, golden, traffic));
  }

  @Test
  void everyClassHasItsShareOfEveryPart() {
    for (int label = 0; label < 10; label++) {
      int wanted = label;
      long all = together().stream().filter(d -> d.label() == wanted).count();
      assertThat(training.stream().filter(d -> d.label() == wanted).count())
          .isEqualTo(Math.round(all * 0.45));
      assertThat(golden.stream().filter(d -> d.label() == wanted).count())
          .isEqualTo(Math.round(all * 0.17));
    }
  }
}
