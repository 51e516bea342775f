package dev.sluice.intake.rest;

import dev.sluice.model.Effect;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** By how much the candidate differs from stable, with an interval that holds at every look. */
@Schema(name = "Effect", description = "By how much the candidate differs from stable")
public record EffectView(
    @Schema(description = "What is compared; more of it is worse") String of,
    @Schema(description = "difference (in shares; 0 is alike) or ratio (1 is alike)") String scale,
    double estimate,
    double low,
    double high,
    @Schema(description = "How sure the interval is at all looks at once") double coverage,
    @Schema(description = "The same in words") String sentence) {

  static @Nullable EffectView of(@Nullable Effect effect) {
    return effect == null
        ? null
        : new EffectView(
            effect.of(),
            effect.scale().word(),
            effect.estimate(),
            effect.low(),
            effect.high(),
            effect.coverage(),
            effect.sentence());
  }
}
