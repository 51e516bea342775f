package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Follows a release to its end, or until the time is up, by long polls. */
public final class Watch {
  /** How long the server may hold an answer back when nobody looks at the gauges meanwhile. */
  private static final Duration QUIET = Duration.ofSeconds(20);

  /** The same when a live line is to move. */
  private static final Duration LIVE = Duration.ofSeconds(1);

  private final Api api;
  private final Clock clock;

  /** Follows releases of {@code api}. */
  public Watch(Api api, Clock clock) {
    this.api = api;
    this.clock = clock;
  }

  /** What is told of the release each time it is looked at. */
  public interface Looker {
    /** Called with each view, the last one included. */
    void look(JsonNode view);
  }

  /**
   * Looks until the release is over.
   *
   * @param timeout after which it gives up
   * @param live whether to look about every second, changed or not
   * @return the last view; its {@code outcome} is null if the time was up
   */
  public JsonNode follow(String id, Duration timeout, boolean live, Looker looker) {
    Instant until = clock.instant().plus(timeout);
    JsonNode view = api.get("/releases/" + Api.encoded(id));
    looker.look(view);
    while (!view.path("outcome").isTextual()) {
      Duration left = Duration.between(clock.instant(), until);
      if (!left.isPositive()) {
        return view;
      }
      Duration most = live ? LIVE : QUIET;
      Duration wait = left.compareTo(most) < 0 ? left : most;
      long seconds = Math.max(1, wait.toSeconds());
      view = api.get("/releases/" + Api.encoded(id) + "?wait=" + seconds + "s", wait);
      looker.look(view);
    }
    return view;
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
