package dev.sluice.gate;

import dev.sluice.model.Stage;
import org.jspecify.annotations.Nullable;

/** Which golden set a gate asks: its own parameter, or else what the synthetic stage names. */
final class GoldenName {
  static final String MISSING =
      "no golden set: give the gate the parameter golden, or name it in the synthetic stage";

  static final String KEY = "golden";

  private GoldenName() {}

  /** The parameter; empty where it is left out. */
  static String read(Parameters p) {
    return p.text(KEY, "", "golden set to ask; left out, the one of the synthetic stage");
  }

  static @Nullable String of(String parameter, GateKind.Context context) {
    if (!parameter.isEmpty()) {
      return parameter;
    }
    return context.release().pipeline().stages().stream()
        .filter(Stage.Synthetic.class::isInstance)
        .map(stage -> ((Stage.Synthetic) stage).golden())
        .findFirst()
        .orElse(null);
  }
}
