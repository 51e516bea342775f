package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    assertThat(new Table("A", "LONGER").row("wide cell", "x").toString())
        .isEqualTo("A          LONGER\nwide cell  x");
  }

  @Test
  void rowOfAnotherWidthIsRefused() {
    Table table = new Table("A", "B");

    assertThatThrownBy(() -> table.row("only one"))
        .hasMessage("row must have 2 cells, had [only one]");
  }

  @Property
  void wrappingKeepsEveryWordInOrder(
      @ForAll @Size(min = 1, max = 30)
          List<@AlphaChars @StringLength(min = 1, max = 15) String> words,
      @ForAll @IntRange(min = 20, max = 100) int width) {
    List<String> lines = Table.wrap(String.join(" ", words), "  ", width);

    assertThat(lines).allMatch(line -> line.length() <= width && line.startsWith("  "));
    assertThat(String.join(" ", lines).strip().split("\\s+"))
        .containsExactly(words.toArray(String[]::new));
  }
}
