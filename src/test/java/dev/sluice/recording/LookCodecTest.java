package dev.sluice.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LookCodecTest {
  @Provide
  Arbitrary<List<Look>> looks() {
    return Looks.any().list().ofMinSize(1).ofMaxSize(4);
  }

  @Property(tries = 300)
  void whatWasWrittenIsRead(@ForAll("looks") List<Look> looks) {
    assertThat(LookCodec.read(bytes(looks))).isEqualTo(looks);
  }

  @Property(tries = 300)
  void whatWasCutOffIsRefused(@ForAll("looks") List<Look> looks, @ForAll double where) {
    byte[] all = bytes(looks);
    int last = all.length - LookCodec.write(looks.getLast()).length;
    int cut = last + 1 + (int) (Math.abs(where % 1) * (all.length - last - 1));
    byte[] less = Arrays.copyOf(all, Math.min(cut, all.length - 1));

    assertThatThrownBy(() -> LookCodec.read(less))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("damaged");
  }

  @Property(tries = 300)
  void whateverIsReadIsLooksOrRefused(@ForAll byte[] bytes) {
    try {
      assertThat(LookCodec.read(bytes)).isNotNull();
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageContaining("damaged");
    }
  }

  private static byte[] bytes(List<Look> looks) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    looks.forEach(look -> all.writeBytes(LookCodec.write(look)));
    return all.toByteArray();
  }
}
