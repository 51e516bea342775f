package dev.sluice.json;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.Phase;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Records of the model as JSON text and back. Sealed types carry their word, durations and instants
 * are ISO 8601, names and shares plain strings. Unknown fields are errors: what an older Sluice
 * can't read it must not write back without.
 */
public final class ModelJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .addModule(
              new SimpleModule("sluice")
                  .addSerializer(ServiceName.class, ToStringSerializer.instance)
                  .addSerializer(VersionName.class, ToStringSerializer.instance)
                  .addSerializer(ReleaseId.class, ToStringSerializer.instance)
                  .addSerializer(Share.class, ToStringSerializer.instance)
                  .addDeserializer(
                      ServiceName.class, new Parsed<>(ServiceName.class, ServiceName::new))
                  .addDeserializer(
                      VersionName.class, new Parsed<>(VersionName.class, VersionName::new))
                  .addDeserializer(ReleaseId.class, new Parsed<>(ReleaseId.class, ReleaseId::parse))
                  .addDeserializer(Share.class, new Parsed<>(Share.class, Share::parse))
                  .addKeyDeserializer(VersionName.class, new VersionKey()))
          .disable(
              SerializationFeature.WRITE_DATES_AS_TIMESTAMPS,
              SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          // components only: isReady() and the like are derived, not state
          .visibility(PropertyAccessor.GETTER, Visibility.NONE)
          .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
          .visibility(PropertyAccessor.FIELD, Visibility.ANY)
          .addMixIn(Phase.class, PhaseWords.class)
          .addMixIn(Stage.class, StageWords.class)
          .addMixIn(Verdict.class, VerdictWords.class)
          .addMixIn(FallbackLadder.Rung.class, RungWords.class)
          .build();

  /** No UTF-8 has it, so no database: it is written as its escape. */
  private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

  private ModelJson() {}

  public static String write(Object value) {
    try {
      String json = MAPPER.writeValueAsString(value);
      return LONE_SURROGATE
          .matcher(json)
          .replaceAll(lone -> "\\\\u%04x".formatted((int) lone.group().charAt(0)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("can't be written as JSON: " + value, e);
    }
  }

  public static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "stored " + type.getSimpleName() + " can't be read: " + e.getOriginalMessage(), e);
    }
  }

  private static final class Parsed<T> extends FromStringDeserializer<T> {
    private static final long serialVersionUID = 1;
    private final transient Function<String, T> parse;

    Parsed(Class<T> type, Function<String, T> parse) {
      super(type);
      this.parse = parse;
    }

    @Override
    protected T _deserialize(String value, DeserializationContext context) {
      return parse.apply(value);
    }
  }

  private static final class VersionKey extends KeyDeserializer {
    @Override
    public Object deserializeKey(String key, DeserializationContext context) {
      return new VersionName(key);
    }
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "phase")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Phase.Submitted.class, name = "submitted"),
    @JsonSubTypes.Type(value = Phase.Applying.class, name = "applying"),
    @JsonSubTypes.Type(value = Phase.Observing.class, name = "observing"),
    @JsonSubTypes.Type(value = Phase.Promoting.class, name = "promoting"),
    @JsonSubTypes.Type(value = Phase.Soaking.class, name = "soaking"),
    @JsonSubTypes.Type(value = Phase.RollingBack.class, name = "rolling-back"),
    @JsonSubTypes.Type(value = Phase.Succeeded.class, name = "succeeded"),
    @JsonSubTypes.Type(value = Phase.RolledBack.class, name = "rolled-back"),
    @JsonSubTypes.Type(value = Phase.Rejected.class, name = "rejected")
  })
  private interface PhaseWords {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "stage")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Stage.Staging.class, name = "staging"),
    @JsonSubTypes.Type(value = Stage.Synthetic.class, name = "synthetic"),
    @JsonSubTypes.Type(value = Stage.Shadow.class, name = "shadow"),
    @JsonSubTypes.Type(value = Stage.Canary.class, name = "canary"),
    @JsonSubTypes.Type(value = Stage.Promotion.class, name = "promotion")
  })
  private interface StageWords {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "verdict")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Verdict.Pass.class, name = "pass"),
    @JsonSubTypes.Type(value = Verdict.Fail.class, name = "fail"),
    @JsonSubTypes.Type(value = Verdict.Undecided.class, name = "undecided"),
    @JsonSubTypes.Type(value = Verdict.Inconclusive.class, name = "inconclusive")
  })
  private interface VerdictWords {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "rung")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = FallbackLadder.SmallerVersion.class, name = "version"),
    @JsonSubTypes.Type(value = FallbackLadder.Provider.class, name = "provider"),
    @JsonSubTypes.Type(value = FallbackLadder.Rule.class, name = "rule"),
    @JsonSubTypes.Type(value = FallbackLadder.Disabled.class, name = "disabled")
  })
  private interface RungWords {}
}
