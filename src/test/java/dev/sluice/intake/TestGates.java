package dev.sluice.intake;

import dev.sluice.gate.GateKind;
import dev.sluice.gate.GateKinds;
import dev.sluice.gate.Parameters;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Alternative;
import java.util.List;
import java.util.Set;

/** Two gate kinds for tests: one that fits every stage, one that doesn't. */
public final class TestGates {
  public static final GateKinds KINDS = new GateKinds(List.of(new Anywhere(), new ShadowOnly()));

  private TestGates() {}

  /** Fits every stage; its margins must be above zero. */
  @Alternative
  @Dependent
  public static class Anywhere implements GateKind {
    @Override
    public String kind() {
      return "anywhere";
    }

    @Override
    public String question() {
      return "Does it fit anywhere?";
    }

    @Override
    public void read(Parameters p) {
      p.nested("margin", "how much").count("p50", 10, 1, 100, "in the middle");
    }

    @Override
    public Look look(Context context, String state) {
      throw new UnsupportedOperationException("tests of the intake never look");
    }
  }

  /** Has something to say in shadow alone. */
  @Alternative
  @Dependent
  public static class ShadowOnly extends Anywhere {
    @Override
    public String kind() {
      return "shadow-only";
    }

    @Override
    public Set<String> stages() {
      return Set.of("shadow");
    }
  }
}
