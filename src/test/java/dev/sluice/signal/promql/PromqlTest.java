package dev.sluice.signal.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PromqlTest {
  static List<String> sound() {
    return Expressions.SOUND;
  }

  static List<String> unsound() {
    return Expressions.UNSOUND;
  }

  @ParameterizedTest
  @MethodSource("sound")
  void parses(String text) throws SyntaxError {
    assertThat(Promql.parse(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @MethodSource("unsound")
  void isRefused(String text) {
    assertThatThrownBy(() -> Promql.parse(text)).isInstanceOf(SyntaxError.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sum(rate(a[5m])          | 16 | expected ')' after arguments, was the end",
        "rate(a)                  | 6  | argument 1 of 'rate' must be of type range vector, was instant vector",
        "rates(a[5m])             | 1  | there is no function 'rates'",
        "a{b=c}                   | 5  | expected a value in quotes, was 'c'",
        "a + + )                  | 7  | unexpected ')' where an expression should be",
        "a{b=\"c}                 | 5  | a string that doesn't end",
        "a[5]                     | 3  | expected a length of time such as 5m, was '5'",
        "1 > 2                    | 3  | a comparison of two scalars needs bool",
        "{a=~\".*\"}              | 1  | a selector must have a matcher that doesn't match the empty text",
      })
  void tellsWhatIsWrongAndWhere(String text, int column, String message) {
    assertThatThrownBy(() -> Promql.parse(text))
        .isInstanceOfSatisfying(SyntaxError.class, e -> assertThat(e.column()).isEqualTo(column))
        .hasMessage(message);
  }

  @Test
  void findsTheSelectors() throws SyntaxError {
    Promql parsed =
        Promql.parse("sum(rate(a_total{v=\"v2\", c=~\"5..\"}[5m])) / sum(b offset 5m) > bool 0.5");

    assertThat(parsed.type()).isEqualTo(Type.VECTOR);
    assertThat(parsed.isSelector()).isFalse();
    assertThat(parsed.selectors())
        .extracting(Selector::toString)
        .containsExactly("a_total{v=\"v2\",c=~\"5..\"}", "b");
  }

  @Test
  void aSelectorMatchesAsPrometheusDoes() throws SyntaxError {
    Selector errors = Selector.parse("http_requests_total{code=~\"5..\", caller!=\"probe\"}");

    assertThat(errors.test(Map.of("__name__", "http_requests_total", "code", "503"))).isTrue();
    assertThat(errors.test(Map.of("__name__", "http_requests_total", "code", "5034"))).isFalse();
    assertThat(
            errors.test(
                Map.of("__name__", "http_requests_total", "code", "503", "caller", "probe")))
        .isFalse();
    assertThat(errors.test(Map.of("__name__", "other", "code", "503"))).isFalse();
    assertThatThrownBy(() -> Selector.parse("sum(a)")).isInstanceOf(SyntaxError.class);
  }

  @Test
  void oneSelectorCoversSeveral() throws SyntaxError {
    Selector all = Selector.parse("a{job=\"j\",v=\"v2\"}");
    Selector bad = Selector.parse("a{job=\"j\",v=\"v2\",code=\"500\"}");
    Selector other = Selector.parse("b{job=\"j\"}");

    assertThat(Selector.covering(List.of(all, bad))).isEqualTo(all);
    assertThat(Selector.covering(List.of(all, bad, other)))
        .hasToString("{__name__=~\"a|b\",job=\"j\"}");
  }

  @Property
  void nothingElseIsThrownWhateverIsWritten(@ForAll String text) {
    try {
      assertThat(Promql.parse(text).text()).isEqualTo(text);
    } catch (SyntaxError e) {
      assertThat(e.column()).isBetween(1, text.length() + 1);
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Property
  void aSelectorIsReadAsItIsWritten(@ForAll String value) throws SyntaxError {
    Selector written = new Selector("a", List.of(new Matcher("b", Matcher.Op.EQUAL, value)));

    assertThat(Selector.parse(written.toString())).isEqualTo(written);
  }
}
