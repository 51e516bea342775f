package dev.sluice.gate;

import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import org.jspecify.annotations.Nullable;

/** What a gate with statistics can compare the candidate with at a point of a release. */
enum Segment {
  /** Both versions answer the same requests. */
  SHADOW,
  /** Both versions answer users, different requests in the same time. */
  SPLIT,
  /** The candidate stands alone: only the service's SLO is left to judge it by. */
  ALONE;

  /** The segment a point belongs to; null where no user request, nor a copy, is answered. */
  static @Nullable Segment of(Release release, Phase.Point at) {
    Stage stage = release.pipeline().stages().get(at.stage());
    if (!stage.touchesTraffic()) {
      return null;
    }
    if (release.comparison() == Release.Comparison.SLO) {
      return ALONE;
    }
    return switch (stage) {
      case Stage.Staging s -> null;
      case Stage.Synthetic s -> null;
      case Stage.Shadow s -> SHADOW;
      case Stage.Canary s -> s.weights().get(at.step()).equals(Share.ALL) ? ALONE : SPLIT;
      case Stage.Promotion s -> ALONE;
    };
  }
}
