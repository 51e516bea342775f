package dev.sluice.intake.document;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.sluice.model.Share;
import dev.sluice.signal.AnswerSchema;
import dev.sluice.signal.score.ChrF;
import dev.sluice.signal.score.Exact;
import dev.sluice.signal.score.JsonSchema;
import dev.sluice.signal.score.Judge;
import dev.sluice.signal.score.Label;
import dev.sluice.signal.score.Numeric;
import dev.sluice.signal.score.Patterns;
import dev.sluice.signal.score.Scorer;
import dev.sluice.signal.score.TokenF1;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code scorer} of a golden set: a word, or a mapping of one word to what it is set up with.
 */
final class ScorerReader {
  private static final double MOST = 1e300;

  /** Each reads what it is set up with, and answers null where something is wrong with that. */
  private static final Map<String, Function<Fields, @Nullable Scorer>> SCORERS =
      new LinkedHashMap<>();

  static {
    SCORERS.put(Exact.WORD, fields -> new Exact());
    SCORERS.put(Numeric.WORD, ScorerReader::numeric);
    SCORERS.put(Label.WORD, ScorerReader::label);
    SCORERS.put(TokenF1.WORD, fields -> new TokenF1());
    SCORERS.put(ChrF.WORD, fields -> new ChrF());
    SCORERS.put(JsonSchema.WORD, ScorerReader::jsonSchema);
    SCORERS.put(Patterns.WORD, ScorerReader::patterns);
    SCORERS.put(Judge.WORD, ScorerReader::judge);
  }

  private ScorerReader() {}

  /** The scorer that {@code key} declares; {@link Exact} without one, null where it is wrong. */
  static @Nullable Scorer read(Fields golden, String key, Problems problems) {
    Node found = golden.node(key);
    if (found == null) {
      return new Exact();
    }
    String word;
    Fields setUp;
    if (found instanceof Node.Mapping mapping && mapping.entries().size() == 1) {
      word = mapping.entries().getFirst().key();
      setUp = golden.object(key).object(word);
    } else if (found instanceof Node.Scalar) {
      word = golden.text(key);
      setUp = new Fields(new Node.Mapping(List.of(), found.at()), golden.path(key), problems);
    } else {
      golden.wrong(key, "must be a word, or a mapping of one word: " + words());
      return null;
    }
    Function<Fields, @Nullable Scorer> reader = SCORERS.get(word);
    if (reader == null) {
      golden.wrong(key, "must be one of " + words() + ", was '" + word + "'");
      return null;
    }
    int before = problems.count();
    Scorer scorer = reader.apply(setUp);
    setUp.end();
    return problems.count() > before ? null : scorer;
  }

  private static String words() {
    return String.join(", ", SCORERS.keySet());
  }

  private static Scorer numeric(Fields fields) {
    Double absolute = fields.numberOrNull("absolute");
    if (absolute != null && !(absolute >= 0 && absolute <= MOST)) {
      fields.wrong("absolute", "must be 0 or more, was " + absolute);
      absolute = null;
    }
    double relative = fields.share("relative", Share.NONE).fraction();
    return new Numeric(absolute == null ? 0 : absolute, relative);
  }

  private static @Nullable Scorer label(Fields fields) {
    Set<String> labels = new HashSet<>(fields.texts("labels"));
    if (labels.size() < 2 || labels.stream().anyMatch(String::isBlank)) {
      fields.wrong("labels", "must be two or more labels, each with a text");
      return null;
    }
    return new Label(labels);
  }

  private static @Nullable Scorer jsonSchema(Fields fields) {
    Node schema = fields.node("schema");
    if (schema == null) {
      fields.wrong("schema", "is missing");
      return null;
    }
    try {
      return new JsonSchema(new AnswerSchema(Json.text(schema)));
    } catch (IllegalArgumentException e) {
      fields.wrong("schema", String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static @Nullable Scorer patterns(Fields fields) {
    List<Pattern> must = compiled(fields, "must");
    List<Pattern> never = compiled(fields, "never");
    if (must.isEmpty() && never.isEmpty()) {
      fields.wrong("must", "is missing, and so is never: one of them must have a pattern");
      return null;
    }
    return new Patterns(must, never);
  }

  private static List<Pattern> compiled(Fields fields, String key) {
    List<Pattern> patterns = new ArrayList<>();
    List<String> texts = fields.texts(key);
    for (int i = 0; i < texts.size(); i++) {
      try {
        patterns.add(Pattern.compile(texts.get(i)));
      } catch (PatternSyntaxException e) {
        fields.wrong(
            key + "[" + i + "]",
            "must be a regular expression of RE2, was '%s': %s"
                .formatted(texts.get(i), e.getDescription()));
      }
    }
    return patterns;
  }

  private static Scorer judge(Fields fields) {
    return new Judge(fields.label("name"));
  }
}
