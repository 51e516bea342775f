package dev.sluice.web;

import io.quarkus.qute.TemplateExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times and numbers as a stranger reads them; also used by the templates. */
@TemplateExtension(namespace = "told")
final class Told {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private Told() {}

  /** {@code 3 Mar 2026, 14:02:11 UTC}. */
  static String time(Instant at) {
    return TIME.format(at);
  }

  /** {@code below 1 ms}, {@code 850 ms}, {@code 12.4 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
  static String span(Duration span) {
    if (span.toMillis() < 1) {
      return "below 1 ms";
    }
    if (span.toMillis() < 1000) {
      return span.toMillis() + " ms";
    }
    if (span.toSeconds() < 60) {
      return String.format(Locale.ROOT, "%.1f s", span.toMillis() / 1e3);
    }
    return span.toHours() < 1
        ? span.toMinutes() + " min " + span.toSecondsPart() + " s"
        : span.toHours() + " h " + span.toMinutesPart() + " min";
  }

  /** {@code 1%}, {@code 0.25%}. */
  static String percent(double ratio) {
    String text = String.format(Locale.ROOT, "%.2f", ratio * 100);
    return text.replaceFirst("\\.?0+$", "") + "%";
  }

  /** {@code 4,100}. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Width of {@link EvidencePlot}. */
  static int plotWidth() {
    return EvidencePlot.WIDTH;
  }

  /** Height of {@link EvidencePlot}. */
  static int plotHeight() {
    return EvidencePlot.HEIGHT;
  }

  /** Where in {@link EvidencePlot} a gate decides. */
  static int plotLimit() {
    return EvidencePlot.LIMIT_AT;
  }

  /** The first digits of a digest, enough to tell two apart. */
  static String brief(String digest) {
    return digest.length() <= 12 ? digest : digest.substring(0, 12) + "…";
  }
}
