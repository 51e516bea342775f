package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private final StringWriter out = new StringWriter();

  private Screen screen(boolean terminal) {
    return new Screen(new PrintWriter(out), terminal, 80, Glyphs.ASCII);
  }

  @Test
  void terminalLineIsRewrittenInPlaceAndOnlyWhenItChanged() {
    Screen screen = screen(true);
    screen.live("one");
    screen.live("one");
    screen.live("two");
    screen.line("done");

    assertThat(out.toString())
        .isEqualTo("\r\u001b[Kone\r\u001b[Ktwo\r\u001b[Kdone" + System.lineSeparator());
  }

  @Test
  void fileGetsNoControlCharacters() {
    Screen screen = screen(false);
    screen.live("one");
    screen.line("done");

    assertThat(out.toString()).isEqualTo("done" + System.lineSeparator());
  }

  @Test
  void signsAreThoseTheCharsetCanWrite() {
    assertThat(Glyphs.of(StandardCharsets.UTF_8)).isEqualTo(Glyphs.UNICODE);
    assertThat(Glyphs.of(StandardCharsets.US_ASCII)).isEqualTo(Glyphs.ASCII);
  }
}
