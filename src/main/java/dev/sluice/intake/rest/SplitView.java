package dev.sluice.intake.rest;

import dev.sluice.model.TrafficSplit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A traffic split as REST shows it. */
@Schema(name = "TrafficSplit", description = "Share of user requests by version, and the mirror")
public record SplitView(Map<String, String> shares, @Nullable MirrorView mirror) {
  /** The copy of user requests that goes to another version. */
  @Schema(name = "TrafficMirror")
  public record MirrorView(String to, String share) {}

  static SplitView of(TrafficSplit split) {
    Map<String, String> shares = new LinkedHashMap<>();
    split.shares().forEach((version, share) -> shares.put(version.value(), share.toString()));
    TrafficSplit.Mirror mirror = split.mirror();
    return new SplitView(
        shares,
        mirror == null ? null : new MirrorView(mirror.to().value(), mirror.share().toString()));
  }
}
