package dev.sluice.control;

import dev.sluice.model.Exchange;
import dev.sluice.model.ModelService;
import dev.sluice.model.Pair;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Timing;
import dev.sluice.model.VersionName;
import dev.sluice.signal.Batch;
import dev.sluice.signal.Cursor;
import dev.sluice.signal.GoldenSet;
import dev.sluice.signal.GoldenSignals;
import dev.sluice.signal.TrafficSignals;
import java.net.URI;
import java.time.Duration;

/** Signals that a test must do without. */
final class Unasked {
  private Unasked() {}

  private static AssertionError asked() {
    return new AssertionError("nobody may ask for this");
  }

  static final class Traffic implements TrafficSignals {
    @Override
    public Batch<Exchange> exchanges(ServiceName service, Cursor after, int limit) {
      throw asked();
    }

    @Override
    public Batch<Pair> pairs(ServiceName service, Cursor after, int limit) {
      throw asked();
    }

    @Override
    public double[] history(ServiceName service, VersionName version, Timing timing) {
      throw asked();
    }

    @Override
    public Duration moment(
        ServiceName service, VersionName version, Timing timing, Duration least, Duration most) {
      throw asked();
    }
  }

  static final class Golden implements GoldenSignals {
    @Override
    public Run run(ReleaseId release, ModelService service, VersionName version, String golden) {
      throw asked();
    }

    @Override
    public Answer ask(URI endpoint, ModelService service, String path, String body) {
      throw asked();
    }

    @Override
    public GoldenSet set(String golden) {
      throw asked();
    }
  }
}
