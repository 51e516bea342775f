package dev.sluice.model;

import java.time.Duration;
import java.util.List;

/**
 * What is to become of a release and its service. Committed as one, or not at all.
 *
 * @param release as it is from now on
 * @param serving as it is from now on
 * @param events what to write into the release's history, oldest first
 * @param lookAgain how long until the next pass; zero: at once
 */
public record Decision(Release release, Serving serving, List<Event> events, Duration lookAgain) {
  public Decision {
    events = List.copyOf(events);
  }
}
