package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CharactersTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "ü \t\n", "\uD83D\uDE00", "\uFFFD"})
  void everyCharacterIsKept(String text) {
    assertThat(Characters.unkept(text)).isEmpty();
    assertThat(Characters.kept(text)).isEqualTo(text);
  }

  @Test
  void whatCanNotBeKeptIsNamedOrReplaced() {
    assertThat(Characters.unkept("a\0b")).contains("U+0000");
    assertThat(Characters.unkept("a\uD800b")).contains("U+D800");
    assertThat(Characters.unkept("\uDC00\uD83D")).contains("U+DC00");
    assertThat(Characters.kept("a\0b\uD800c\uD83D\uDE00")).isEqualTo("a\uFFFDb\uFFFDc\uD83D\uDE00");
  }
}
