package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who has the last word on a setting that the start of the program also knows. */
class StartSettingsTest {
  private static final String NAME = "sluice.intake.pipelines-directory";
  private static final String VARIABLE = "SLUICE_INTAKE_PIPELINES_DIRECTORY";

  private final Map<String, String> environment = new HashMap<>();
  private final Properties properties = new Properties();

  /** What the program then reads, with the ranks that system properties and environment have. */
  private String read(String name) {
    Map<String, String> set = new HashMap<>();
    properties.forEach((key, value) -> set.put(key.toString(), value.toString()));
    return new SmallRyeConfigBuilder()
        .withSources(
            new PropertiesConfigSource(set, "system properties", 400),
            new EnvConfigSource(environment, 300))
        .build()
        .getValue(name, String.class);
  }

  @Test
  void suggestionFillsWhatTheOperatorLeftOpen() {
    new StartSettings(environment, properties).suggest(NAME, "/here/pipelines");

    assertThat(read(NAME)).isEqualTo("/here/pipelines");
  }

  @ParameterizedTest
  @CsvSource({
    "sluice.intake.pipelines-directory, SLUICE_INTAKE_PIPELINES_DIRECTORY",
    "sluice.loop.alone, SLUICE_LOOP_ALONE",
    "quarkus.datasource.jdbc.url, QUARKUS_DATASOURCE_JDBC_URL",
  })
  void environmentStandsAgainstASuggestion(String name, String variable) {
    environment.put(variable, "the operator's");
    StartSettings settings = new StartSettings(environment, properties);
    settings.suggest(name, "ours");

    assertThat(settings.operators(name)).isEqualTo("the operator's");
    assertThat(read(name)).isEqualTo("the operator's");
  }

  @Test
  void propertyStandsAgainstEnvironmentAndSuggestion() {
    environment.put(VARIABLE, "/from/environment");
    properties.setProperty(NAME, "/from/property");
    StartSettings settings = new StartSettings(environment, properties);
    settings.suggest(NAME, "/here/pipelines");

    assertThat(settings.operators(NAME)).isEqualTo("/from/property");
    assertThat(read(NAME)).isEqualTo("/from/property");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void blankIsNotSet(String blank) {
    environment.put(VARIABLE, blank);
    StartSettings settings = new StartSettings(environment, properties);
    assertThat(settings.operators(NAME)).isNull();

    settings.suggest(NAME, "/here/pipelines");

    assertThat(read(NAME)).isEqualTo("/here/pipelines");
  }

  @Test
  void whatWasMadeOfTheOperatorsWordReplacesIt() {
    environment.put("SLUICE_HOME", "state");

    new StartSettings(environment, properties).settle("sluice.home", "/srv/state");

    assertThat(read("sluice.home")).isEqualTo("/srv/state");
  }
}
