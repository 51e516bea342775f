package dev.sluice.router.admission;

import dev.sluice.model.Lane;

/**
 * A request that was turned away.
 *
 * @param lane it came in
 * @param status and title of the answer, of HTTP
 * @param detail a sentence to the caller
 * @param retryAfterSeconds when to come back; 0: never with that request
 */
public record Shed(
    Limit limit, Lane lane, int status, String title, String detail, int retryAfterSeconds) {
  static Shed tooMany(Limit limit, Lane lane, String detail, long nanos) {
    return new Shed(limit, lane, 429, "Too Many Requests", detail, seconds(nanos));
  }

  /** A body that is too large. */
  public static Shed tooLarge(Limit limit, Lane lane, String detail) {
    return new Shed(limit, lane, 413, "Content Too Large", detail, 0);
  }

  static Shed unreadable(Limit limit, Lane lane, String detail) {
    return new Shed(limit, lane, 400, "Bad Request", detail, 0);
  }

  static Shed unfit(Limit limit, Lane lane, String detail) {
    return new Shed(limit, lane, 422, "Unprocessable Content", detail, 0);
  }

  /** A version without room. */
  public static Shed overload(Limit limit, Lane lane, String detail) {
    return new Shed(limit, lane, 503, "Service Unavailable", detail, 1);
  }

  /** Rounded up: who comes back at that second finds what was missing. */
  private static int seconds(long nanos) {
    return Math.clamp(Math.ceilDiv(nanos, 1_000_000_000L), 1, Integer.MAX_VALUE);
  }
}
