package dev.sluice.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The picture of the lifecycle in the docs is drawn from the transitions. Run with {@code
 * -Dsluice.docs.write=true} to draw it anew.
 */
class LifecycleDiagramTest {
  private static final Path PAGE = Path.of("docs/lifecycle.md");

  @Test
  void diagramInTheDocsIsTheOneOfTheCode() throws IOException {
    String page = page();
    if (Boolean.getBoolean("sluice.docs.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(page);
  }

  private static String page() {
    StringBuilder out = new StringBuilder();
    out.append("# The phases of a release\n\n");
    out.append("Drawn from `dev.sluice.lifecycle.Transition` by `LifecycleDiagramTest`; ");
    out.append("do not edit by hand.\n\n");
    out.append("```mermaid\nstateDiagram-v2\n  [*] --> Submitted\n");
    for (Transition t : Transition.values()) {
      out.append("  ")
          .append(t.from().getSimpleName())
          .append(" --> ")
          .append(t.to().getSimpleName())
          .append(" : ")
          .append(t.when().replace(":", " -"))
          .append('\n');
    }
    out.append("  Succeeded --> [*]\n  RolledBack --> [*]\n  Rejected --> [*]\n```\n\n");
    out.append("| transition | from | to | when |\n|---|---|---|---|\n");
    for (Transition t : Transition.values()) {
      out.append("| ")
          .append(t.word())
          .append(" | ")
          .append(t.from().getSimpleName())
          .append(" | ")
          .append(t.to().getSimpleName())
          .append(" | ")
          .append(t.when())
          .append(" |\n");
    }
    return out.toString();
  }
}
