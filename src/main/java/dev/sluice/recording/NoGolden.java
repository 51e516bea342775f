package dev.sluice.recording;

import dev.sluice.model.ModelService;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.signal.GoldenSet;
import dev.sluice.signal.GoldenSignals;
import java.net.URI;

/** Nobody answers golden requests out of the past. */
final class NoGolden implements GoldenSignals {
  private static final String WHY = "answers to golden requests are not recorded";

  @Override
  public Run run(ReleaseId release, ModelService service, VersionName version, String golden) {
    throw new Unavailable(WHY);
  }

  @Override
  public Answer ask(URI endpoint, ModelService service, String path, String body) {
    throw new Unavailable(WHY);
  }

  @Override
  public GoldenSet set(String golden) {
    throw new Unavailable(WHY);
  }
}
