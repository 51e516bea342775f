package dev.sluice.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** How many tokens a stream of events had. */
class EventStreamTest {
  private static final String TWO =
      "data: {\"delta\":\"a\"}\n\n: ping\n\ndata: {\"delta\":\"b\"}\n\n";
  private static final String USAGE =
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\": 17,"
          + "\"completion_tokens_details\":{\"reasoning_tokens\":3}}}\n\n";

  private static int tokens(String... parts) {
    EventStream stream = new EventStream();
    for (String part : parts) {
      stream.read(Buffer.buffer(part));
    }
    return stream.tokens();
  }

  @Test
  void withoutUsageEachEventIsOne() {
    assertThat(tokens(TWO)).isEqualTo(2);
    assertThat(tokens("event: data\r\nid: 1\r\ndata: x\r\n\r\n")).isEqualTo(1);
    assertThat(tokens("data: {\"usage\":null}\n\n")).isEqualTo(1);
  }

  @Test
  void usageSaysItBetter() {
    assertThat(tokens(TWO, USAGE, "data: [DONE]\n\n")).isEqualTo(17);
  }

  @Test
  void theLastUsageHolds() {
    assertThat(tokens(USAGE.replace("17", "1"), USAGE.replace("17", "23"))).isEqualTo(23);
    assertThat(tokens(USAGE, USAGE.replace("17", "null"))).isEqualTo(17);
  }

  @Test
  void whatATextSaysIsNoUsage() {
    assertThat(tokens("data: {\"delta\":\"say \\\"completion_tokens\\\": 99\"}\n\n")).isEqualTo(1);
    assertThat(tokens("data: {\"\"completion_tokens\":4}\n\n")).isEqualTo(4);
  }

  @Test
  void aNumberOfAnyLengthIsNoTrouble() {
    assertThat(tokens(USAGE.replace("17", "9".repeat(40)))).isPositive();
  }

  @Property
  void whereThePartsEndMakesNoDifference(@ForAll @IntRange(min = 0, max = 200) int at) {
    String all = TWO + USAGE;
    int cut = Math.min(at, all.length());

    assertThat(tokens(all.substring(0, cut), all.substring(cut))).isEqualTo(17);
  }
}
