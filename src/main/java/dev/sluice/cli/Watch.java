package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows a release to its end, or until the time is up, by long polls. */
public final class Watch {
  /** How long the server may hold an answer back when nobody looks at the gauges meanwhile. */
  private static final Duration QUIET = Duration.ofSeconds(20);

  /** The same when a live line is to move. */
  private static final Duration LIVE = Duration.ofSeconds(1);

  /** How long after a failed attempt the next is made. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private static final Set<Integer> PASSING = Set.of(502, 503, 504);

  private final Api api;
  private final Clock clock;
  private final Patience patience;

  /** Follows releases of {@code api}. */
  public Watch(Api api, Clock clock, Patience patience) {
    this.api = api;
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * What is done while no answer comes. The release goes on meanwhile, watched or not: a controller
   * that is restarted, or a database that is down, says nothing about it.
   *
   * @param most for how long it is asked again; then the outage is the error that it is
   * @param told called with one line, once in each outage
   * @param pause lets that much time pass
   */
  public record Patience(Duration most, Consumer<String> told, Consumer<Duration> pause) {
    /** No outage is borne. */
    public static final Patience NONE = new Patience(Duration.ZERO, line -> {}, time -> {});

    /** Asks again about every second. */
    public static Patience of(Duration most, Consumer<String> told) {
      return new Patience(most, told, Patience::sleep);
    }

    private static void sleep(Duration time) {
      try {
        Thread.sleep(time);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for the controller", e);
      }
    }
  }

  /** What is told of the release each time it is looked at. */
  public interface Looker {
    /** Called with each view, the first and the last one included. */
    void look(JsonNode view);
  }

  /**
   * Looks until the release is over.
   *
   * @param first the release as it was seen last
   * @param timeout after which it gives up
   * @param live whether to look about every second, changed or not
   * @return the last view; its {@code outcome} is null if the time was up
   * @throws Unreachable if no answer came for longer than patience lasts
   * @throws Refused likewise, or at once if the server does not know the release or the token
   */
  public JsonNode follow(JsonNode first, Duration timeout, boolean live, Looker looker) {
    Instant until = clock.instant().plus(timeout);
    JsonNode view = first;
    looker.look(view);
    while (!view.path("outcome").isTextual() && clock.instant().isBefore(until)) {
      JsonNode next = next(view, live ? LIVE : QUIET, until);
      if (next == null) {
        return view;
      }
      view = next;
      looker.look(view);
    }
    return view;
  }

  /** One long poll, made again through an outage; null if the time was up before it was over. */
  private @Nullable JsonNode next(JsonNode view, Duration most, Instant until) {
    String path = "/releases/" + Api.encoded(view.path("id").asText()) + "?wait=";
    Instant silentSince = null;
    while (true) {
      Duration wait = shorter(most, Duration.between(clock.instant(), until));
      try {
        return api.get(path + Math.max(1, wait.toSeconds()) + "s", wait);
      } catch (Unreachable | Refused e) {
        Instant now = clock.instant();
        Instant since = silentSince == null ? now : silentSince;
        if (!passes(e) || !now.isBefore(since.plus(patience.most()))) {
          throw e;
        }
        if (silentSince == null) {
          silentSince = now;
          patience.told().accept(e.getMessage() + "; the release goes on: asking again");
        }
        Duration left = Duration.between(now, until);
        if (!left.isPositive()) {
          return null;
        }
        patience.pause().accept(shorter(AGAIN, left));
      }
    }
  }

  private static boolean passes(RuntimeException failure) {
    return !(failure instanceof Refused refused) || PASSING.contains(refused.status());
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Shows a release on a screen: the live line on a terminal, a line per change elsewhere. */
  public static final class OnScreen implements Looker {
    private final Screen screen;
    private final Clock clock;
    private final Instant since;
    private String last = "";

    /** Counts time from {@code since}. */
    public OnScreen(Screen screen, Clock clock, Instant since) {
      this.screen = screen;
      this.clock = clock;
      this.since = since;
    }

    @Override
    public void look(JsonNode view) {
      Duration elapsed = Duration.between(since, clock.instant());
      String line = LiveLine.render(view, elapsed, screen.width(), screen.glyphs());
      String change = LiveLine.change(view);
      if (view.path("outcome").isTextual() || (!screen.terminal() && !change.equals(last))) {
        screen.line(line);
      } else {
        screen.live(line);
      }
      last = change;
    }
  }
}
