package dev.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program as users start it: {@code ./sluice}. */
@EnabledOnOs(OS.LINUX)
class ProgramIT {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int INTERRUPTED = 128 + 2;
  private static final Pattern HOME = Pattern.compile("^home (\\S+), log ", Pattern.MULTILINE);

  @TempDir private Path output;

  @Test
  void versionIsThatOfTheBuild() throws Exception {
    Matcher declared =
        Pattern.compile("<version>([^<]+)</version>").matcher(Files.readString(Path.of("pom.xml")));
    assertThat(declared.find()).isTrue();
    try (Launched version = Launched.sluice(output, Map.of(), "--version")) {
      assertThat(version.ended(LONG)).isZero();
      assertThat(version.out()).isEqualTo("sluice " + declared.group(1) + "\n");
    }
  }

  @Test
  void demoTellsItsOutcomeAsOneDocumentAndLeavesNothing() throws Exception {
    try (Launched demo = Launched.sluice(output, Map.of(), "demo", "--json", "--only", "schema")) {
      int status = demo.ended(LONG);

      JsonNode report =
          new ObjectMapper()
              .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .readTree(demo.out());
      assertThat(status).as(demo.err()).isZero();
      assertThat(report.path("releases")).hasSize(1);
      JsonNode schema = report.path("releases").get(0);
      assertThat(schema.path("name").asText()).isEqualTo("schema");
      assertThat(schema.path("outcome").asText()).isEqualTo("rejected");
      assertThat(schema.path("decidingGate").asText()).startsWith("contract");
      assertThat(report.path("userRequests").asLong()).isPositive();
      assertThat(report.path("userErrors").asLong()).isZero();
      leftNothing(demo);
    }
  }

  @Test
  void demoThatIsInterruptedLeavesNothing() throws Exception {
    try (Launched demo = Launched.sluice(output, Map.of(), "demo", "--json")) {
      demo.await(
          "users are served", LONG, () -> demo.err().contains("users send") ? Boolean.TRUE : null);
      assertThat(Launched.naming(home(demo)))
          .as("controller, database and two model servers")
          .hasSizeGreaterThanOrEqualTo(4);

      demo.interrupt();

      assertThat(demo.ended(LONG)).isEqualTo(INTERRUPTED);
      assertThat(demo.out()).isEmpty();
      leftNothing(demo);
    }
  }

  private static void leftNothing(Launched demo) throws Exception {
    assertThat(demo.err()).doesNotContain("by force");
    assertThat(Launched.naming(home(demo))).isEmpty();
    assertThat(home(demo)).doesNotExist();
  }

  private static Path home(Launched demo) throws Exception {
    Matcher said = HOME.matcher(demo.err());
    assertThat(said.find()).as("the demo says where its home is: %s", demo.err()).isTrue();
    return Path.of(said.group(1));
  }
}
