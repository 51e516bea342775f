package dev.sluice.web;

import dev.sluice.model.EvidencePoint;
import dev.sluice.model.GateReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How far a gate's evidence had come, look by look, as the points of two SVG polylines. The height
 * is the log of the e-value over that of its limit: 0 is no evidence, 1 decides. Evidence against a
 * side, a log below zero, is drawn at 0.
 *
 * @param fail {@code x,y x,y ...} towards failing; empty where nothing speaks for it
 * @param pass towards passing
 * @param stages where each stage the gate spoke in begins
 */
public record EvidencePlot(String fail, String pass, List<Mark> stages) {
  /** The drawing's size, in its own units. */
  public static final int WIDTH = 640;

  public static final int HEIGHT = 120;

  /** The height at which a gate decides: 1; a tenth more has room above it. */
  public static final int LIMIT_AT = y(1);

  private static final double TALLEST = 1.1;

  /** A stage that begins at {@code x}. */
  public record Mark(int x, String stage) {}

  /** The plot of one gate's points over the time of the release; null for fewer than two points. */
  static @Nullable EvidencePlot of(List<EvidencePoint> course, Instant begin, Instant end) {
    List<EvidencePoint> points =
        course.stream().filter(p -> p.towardsFail() != null || p.towardsPass() != null).toList();
    if (points.size() < 2) {
      return null;
    }
    List<Mark> marks = new ArrayList<>();
    String stage = "";
    for (EvidencePoint point : points) {
      if (!point.stage().equals(stage)) {
        stage = point.stage();
        marks.add(new Mark(x(point.at(), begin, end), stage));
      }
    }
    return new EvidencePlot(
        line(points, begin, end, EvidencePoint::towardsFail),
        line(points, begin, end, EvidencePoint::towardsPass),
        marks);
  }

  private static String line(
      List<EvidencePoint> points,
      Instant begin,
      Instant end,
      Function<EvidencePoint, GateReport.@Nullable Progress> side) {
    StringBuilder line = new StringBuilder();
    for (EvidencePoint point : points) {
      GateReport.Progress progress = side.apply(point);
      if (progress != null && Double.isFinite(progress.logLimit())) {
        line.append(x(point.at(), begin, end)).append(',').append(y(height(progress))).append(' ');
      }
    }
    return line.toString().strip();
  }

  private static double height(GateReport.Progress progress) {
    return Math.clamp(progress.logEvidence() / progress.logLimit(), 0, TALLEST);
  }

  private static int x(Instant at, Instant begin, Instant end) {
    double whole = Math.max(1, Duration.between(begin, end).toMillis());
    double part = Duration.between(begin, at).toMillis() / whole;
    return (int) Math.round(Math.clamp(part, 0, 1) * WIDTH);
  }

  private static int y(double height) {
    return (int) Math.round(HEIGHT * (1 - height / TALLEST));
  }

  /** The drawing's viewBox. */
  public String viewBox() {
    return String.format(Locale.ROOT, "0 0 %d %d", WIDTH, HEIGHT);
  }
}
