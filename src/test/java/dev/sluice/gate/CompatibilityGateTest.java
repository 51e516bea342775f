package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.ModelVersion.Contract;
import dev.sluice.model.ModelVersion.Promise;
import dev.sluice.model.Release;
import dev.sluice.model.Verdict;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompatibilityGateTest {
  private static final String TEMPLATE = "sha256:" + "a".repeat(64);

  private static Contract contract(int context, @Nullable String template, Promise... changes) {
    return new Contract(null, null, context, template, Set.of(changes));
  }

  private static Verdict verdict(Contract stable, Contract candidate) {
    Scene scene = new Scene(new CompatibilityGate()).enter(Scene.STAGING, 0);
    scene.stableContract = stable;
    scene.candidateContract = candidate;
    return scene.look().verdict();
  }

  @Test
  void whatStableDeclaresIsKept() {
    assertThat(verdict(contract(8_192, TEMPLATE), contract(8_192, TEMPLATE)))
        .isEqualTo(new Verdict.Pass("what version v1 declares is kept"));
    assertThat(verdict(contract(8_192, TEMPLATE), contract(16_384, TEMPLATE)))
        .isInstanceOf(Verdict.Pass.class);
    assertThat(verdict(Contract.ANY, contract(1, TEMPLATE))).isInstanceOf(Verdict.Pass.class);
  }

  @Test
  void shorterContextAndOtherTemplateFailUnlessDeclared() {
    String other = "sha256:" + "b".repeat(64);
    assertThat(verdict(contract(8_192, TEMPLATE), contract(4_096, other)))
        .isEqualTo(
            new Verdict.Fail(
                "the candidate breaks what version v1 declares, and doesn't declare it among"
                    + " contract.changes: chat-template: digest %s, was %s; context-length: 4,096"
                        .formatted(other, TEMPLATE)
                    + " tokens, were 8,192"));
    assertThat(
            verdict(
                contract(8_192, TEMPLATE),
                contract(4_096, other, Promise.CHAT_TEMPLATE, Promise.CONTEXT_LENGTH)))
        .isInstanceOf(Verdict.Pass.class);
    assertThat(
            verdict(contract(8_192, TEMPLATE), contract(4_096, other, Promise.CHAT_TEMPLATE)).why())
        .contains("context-length")
        .doesNotContain("chat-template");
  }

  @Test
  void whatIsDeclaredNoMoreIsNotKept() {
    assertThat(verdict(contract(8_192, TEMPLATE), Contract.ANY).why())
        .contains("chat-template: digest not declared, was " + TEMPLATE)
        .contains("context-length: no declared tokens, were 8,192");
  }

  @Test
  void declaredChangeIsTold() {
    Scene scene = new Scene(new CompatibilityGate()).enter(Scene.STAGING, 0);
    scene.stableContract = contract(8_192, null);
    scene.candidateContract = contract(4_096, null, Promise.CONTEXT_LENGTH);

    assertThat(scene.look().statistics())
        .containsEntry("context-length", "changed, as declared: 4,096 tokens, were 8,192")
        .containsEntry("tokenizer", "kept");
  }

  @Test
  void firstVersionHasNothingToKeep() {
    Scene scene = new Scene(new CompatibilityGate()).enter(Scene.STAGING, 0);
    scene.comparison = Release.Comparison.SLO;
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Pass.class);
  }

  @Test
  void responseMayPromiseMoreAndRequestAskForLess() {
    Contract stable =
        new Contract(
            "{\"type\":\"object\",\"required\":[\"text\",\"lang\"]}",
            "{\"type\":\"object\",\"required\":[\"label\"]}");
    Contract more =
        new Contract(
            "{\"type\":\"object\",\"required\":[\"text\"]}",
            "{\"type\":\"object\",\"required\":[\"label\",\"score\"]}");
    assertThat(verdict(stable, more)).isInstanceOf(Verdict.Pass.class);
    assertThat(verdict(more, stable).why())
        .contains("request: /lang may be left out, must be there")
        .contains("response: /score may be left out, must be there");
    assertThat(verdict(stable, Contract.ANY).why()).contains("response: the whole may be of any");
  }

  /** Whether the second schema allows whatever the first does; else the first reason. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type":"integer"}                            | {"type":"number"}                       |
          {"type":"number"}                             | {"type":"integer"}                      | may be number, must be integer
          {"type":"string"}                             | {"type":["string","null"]}              |
          {"type":["string","null"]}                    | {"type":"string"}                       | may be null, must be string
          {"enum":["a"]}                                | {"enum":["a","b"]}                      |
          {"const":"a"}                                 | {"enum":["a","b"]}                      |
          {"enum":["a","b"]}                            | {"enum":["a"]}                          | may be "b", must be one of ["a"]
          {"type":"string"}                             | {"enum":["a"]}                          | may be anything, must be one of ["a"]
          {"maxLength":5}                               | {"maxLength":9}                         |
          {"maxLength":9}                               | {"maxLength":5}                         | has maxLength 9, must have 5
          {}                                            | {"minimum":0}                           | has no minimum, must have one of 0
          {"minimum":1.0}                               | {"minimum":1}                           |
          {"properties":{"a":{"type":"string"}}}        | {"properties":{"a":{"type":"number"}}}  | /a may be string, must be number
          {"items":{"type":"string"}}                   | {"items":{"type":"number"}}             | /* may be string, must be number
          {"properties":{"a":{}},"additionalProperties":false} | {"properties":{"a":{},"b":{}},"additionalProperties":false} |
          {"properties":{"a":{},"b":{}},"additionalProperties":false} | {"properties":{"a":{}},"additionalProperties":false} | /b may be there, must not
          {"properties":{"a":{}}}                       | {"properties":{"a":{}},"additionalProperties":false} | may have properties of any name, must not
          {}                                            | {"properties":{"new":{"type":"string"}}} |
          {"title":"x"}                                 | {"title":"y","description":"z"}         |
          {"pattern":"a+"}                              | {"pattern":"a*"}                        | differs in 'pattern', which can't be compared
          {"anyOf":[{"type":"string"}]}                 | {"anyOf":[{"type":"string"}]}           |
          {"required":["a"]}                            | {"anyOf":[{"type":"string"}]}           | differs in 'anyOf'
          false                                         | {"type":"string"}                       |
          {"type":"string"}                             | false                                   | may be there, must not
          {"type":"string"}                             | true                                    |
          """)
  void containmentOfSchemasIsToldWhereItCanBe(
      String narrower, String wider, @Nullable String reason) {
    List<String> gaps = SchemaContainment.gaps(narrower, wider);
    if (reason == null) {
      assertThat(gaps).isEmpty();
    } else {
      assertThat(gaps).hasSize(1);
      assertThat(gaps.getFirst()).contains(reason);
    }
  }
}
