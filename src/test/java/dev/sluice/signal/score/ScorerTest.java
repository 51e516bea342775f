package dev.sluice.signal.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.re2j.Pattern;
import dev.sluice.signal.AnswerSchema;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each scorer makes of an answer. */
class ScorerTest {

  @Test
  void exactIsToTheLetterButForTheSpaceAround() {
    assertThat(new Exact().score(" Paris\n", "Paris")).isEqualTo(1);
    assertThat(new Exact().score("paris", "Paris")).isZero();
    assertThat(new Exact().score("Lutetia", List.of("Paris", "Lutetia"))).isEqualTo(1);
  }

  @Test
  void numericIsRightWithinTheGreaterOfTwoDistances() {
    Numeric near = new Numeric(.5, .01);
    assertThat(near.score("1010", "1000")).isEqualTo(1);
    assertThat(near.score("1010.1", "1000")).isZero();
    assertThat(near.score("-0.5", "0")).isEqualTo(1);
    assertThat(near.score("1.5e1", "15")).isEqualTo(1);
    assertThat(new Numeric(0, 0).score("7.0", "7")).isEqualTo(1);
    for (String none : List.of("", "about 7", "7 kg", "NaN", "0x7", "7d", "Infinity", "1e999")) {
      assertThat(near.score(none, "7")).as(none).isZero();
    }
    assertThat(near.unfit("seven")).contains("seven");
    assertThat(near.unfit("7")).isNull();
  }

  @Test
  void aLabelIsFoundWhereverItStandsAsAWord() {
    Label label = new Label(Set.of("block", "allow", "do not block"));
    assertThat(label.score("I would say: BLOCK.", "block")).isEqualTo(1);
    assertThat(label.score("Blocked", "block")).isZero();
    assertThat(label.score("Do not\nblock it", "do not block")).isEqualTo(1);
    assertThat(label.score("Do not block it", "block")).isZero();
    assertThat(label.score("block or allow", "block")).as("names two").isZero();
    assertThat(label.score("block. Yes, block!", "block")).isEqualTo(1);
    assertThat(label.unfit("deny"))
        .isEqualTo("must be one of allow, block, do not block, was 'deny'");
    assertThatThrownBy(() -> new Label(Set.of("a", "A")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** By the evaluation script 2.0 of SQuAD. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'the Eiffel Tower, in Paris' | 'Eiffel Tower' | 0.6666666666666666",
        "'A an THE' | '...' | 1",
        "'' | 'Paris' | 0",
        "'New York City' | 'new york' | 0.8",
        "'to be or not to be' | 'be to be' | 0.6666666666666666",
        "'rock''n''roll' | 'rocknroll' | 1",
        "'Théâtre à la mode' | 'the theatre' | 0"
      })
  void tokenF1IsThatOfSquad(String answer, String label, double score) {
    assertThat(new TokenF1().score(answer, label)).isEqualTo(score, within(1e-12));
  }

  /** By sacreBLEU 2.6.0, sentence_score of CHRF() divided by 100. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'the cat sat on the mat' | 'the cat is on the mat' | 0.645779420625287",
        "'Paris' | 'Paris, France' | 0.3331054883150861",
        "'abc' | 'xyz' | 0",
        "'ab' | 'ab' | 1",
        "'Die Grüße aus Köln' | 'Grüße aus Köln!' | 0.8683793406167966",
        "'a' | 'ab' | 0.5555555555555556",
        "'' | 'x' | 0",
        "'今日は雨' | '今日は雨です' | 0.580110497237569",
        "'I''m sorry, I can''t help with that.' | 'Sorry, I cannot help you with that request.'"
            + " | 0.46190723547038265"
      })
  void chrfIsThatOfSacreBleu(String answer, String label, double score) {
    assertThat(new ChrF().score(answer, label)).isEqualTo(score, within(1e-12));
  }

  @Test
  void structuredOutputMustKeepItsSchema() {
    JsonSchema scorer =
        new JsonSchema(new AnswerSchema("{\"type\": \"object\", \"required\": [\"id\"]}"));
    assertThat(scorer.score("{\"id\": 1}", List.of())).isEqualTo(1);
    assertThat(scorer.score("{\"name\": 1}", List.of())).isZero();
    assertThat(scorer.score("Sure! {\"id\": 1}", List.of())).isZero();
  }

  @Test
  void patternsSayWhatMustAndWhatMustNeverBeSaid() {
    Patterns scorer =
        new Patterns(
            List.of(Pattern.compile("(?i)cannot|can't")),
            List.of(Pattern.compile("\\b\\d{16}\\b"), Pattern.compile("(?i)password")));
    assertThat(scorer.score("I cannot tell.", List.of())).isEqualTo(1);
    assertThat(scorer.score("It is hunter2.", List.of())).isZero();
    assertThat(scorer.score("I can't, the PASSWORD is secret.", List.of())).isZero();
    assertThatThrownBy(() -> new Patterns(List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noAnswerMakesAPatternTakeForever() {
    // a backtracking engine would need 2^100,000 steps
    Patterns scorer = new Patterns(List.of(), List.of(Pattern.compile("^(a+)+$")));
    assertThat(scorer.score("a".repeat(100_000) + "!", List.of())).isEqualTo(1);
  }

  @Property
  void everyScoreIsFromNothingToOne(@ForAll String answer, @ForAll String label) {
    for (Scorer.Comparing scorer :
        List.of(new Exact(), new Numeric(1, .1), new TokenF1(), new ChrF())) {
      assertThat(scorer.score(answer, label)).as(scorer.word()).isBetween(0.0, 1.0);
    }
  }

  @Property
  void theSameTextIsSimilarToItself(@ForAll String text) {
    assertThat(new TokenF1().score(text, text)).isEqualTo(1);
    boolean seen =
        !text.codePoints().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
    assertThat(new ChrF().score(text, text)).isEqualTo(seen ? 1 : 0, within(1e-12));
  }
}
