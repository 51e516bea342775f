package dev.sluice.router;

import java.time.Duration;
import java.time.InstantSource;

/**
 * How a router runs; the same for all services.
 *
 * @param host to bind to
 * @param port to bind to; 0 takes a free one
 * @param eventLoops threads that serve requests
 * @param maxBodyBytes most that is kept of one body: of a request that may be repeated (beyond it
 *     413), of an answer that is judged (beyond it the answer passes unjudged)
 * @param ringCapacity observations kept per service, of each kind, for readers to fetch; to hold
 *     what ends while the slowest request is under way
 * @param mirrorConcurrency copies under way at a time; further ones are dropped
 * @param mirrorYieldsAbove user requests under way above which nothing is copied
 * @param judgeQueue answers waiting to be judged; further ones pass unjudged
 * @param connectTimeout for one connection to an endpoint
 * @param connectionsPerEndpoint of one event loop: so many requests may be under way on one; a
 *     further one is not sent there
 * @param seed of the order in which the two legs of a pair leave
 * @param clock the time that observations carry
 */
public record RouterOptions(
    String host,
    int port,
    int eventLoops,
    int maxBodyBytes,
    int ringCapacity,
    int mirrorConcurrency,
    int mirrorYieldsAbove,
    int judgeQueue,
    Duration connectTimeout,
    int connectionsPerEndpoint,
    long seed,
    InstantSource clock) {
  public RouterOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be 0..65535, was " + port);
    }
    atLeast("eventLoops", 1, eventLoops);
    atLeast("maxBodyBytes", 1, maxBodyBytes);
    atLeast("ringCapacity", 1, ringCapacity);
    atLeast("mirrorConcurrency", 0, mirrorConcurrency);
    atLeast("mirrorYieldsAbove", 0, mirrorYieldsAbove);
    atLeast("judgeQueue", 1, judgeQueue);
    atLeast("connectionsPerEndpoint", 1, connectionsPerEndpoint);
    if (connectTimeout.toMillis() < 1) {
      throw new IllegalArgumentException(
          "connectTimeout must be 1 ms or more, was " + connectTimeout);
    }
  }

  private static void atLeast(String what, int least, int value) {
    if (value < least) {
      throw new IllegalArgumentException(what + " must be " + least + " or more, was " + value);
    }
  }

  /** Loopback, a free port, one event loop, bodies of 1 MiB, 65,536 observations per service. */
  public static RouterOptions defaults(InstantSource clock, long seed) {
    return new RouterOptions(
        "127.0.0.1",
        0,
        1,
        1 << 20,
        1 << 16,
        64,
        512,
        1_024,
        Duration.ofMillis(250),
        512,
        seed,
        clock);
  }

  /** The same on another host and port. */
  public RouterOptions listeningOn(String newHost, int newPort) {
    return new RouterOptions(
        newHost,
        newPort,
        eventLoops,
        maxBodyBytes,
        ringCapacity,
        mirrorConcurrency,
        mirrorYieldsAbove,
        judgeQueue,
        connectTimeout,
        connectionsPerEndpoint,
        seed,
        clock);
  }

  /** The same with other bounds on what is copied and kept. */
  public RouterOptions bounded(int newRing, int newMirrorConcurrency, int newJudgeQueue) {
    return new RouterOptions(
        host,
        port,
        eventLoops,
        maxBodyBytes,
        newRing,
        newMirrorConcurrency,
        mirrorYieldsAbove,
        newJudgeQueue,
        connectTimeout,
        connectionsPerEndpoint,
        seed,
        clock);
  }

  /** The same with so many event loops. */
  public RouterOptions onEventLoops(int loops) {
    return new RouterOptions(
        host,
        port,
        loops,
        maxBodyBytes,
        ringCapacity,
        mirrorConcurrency,
        mirrorYieldsAbove,
        judgeQueue,
        connectTimeout,
        connectionsPerEndpoint,
        seed,
        clock);
  }

  /** The same with so many connections to an endpoint. */
  public RouterOptions withConnectionsPerEndpoint(int connections) {
    return new RouterOptions(
        host,
        port,
        eventLoops,
        maxBodyBytes,
        ringCapacity,
        mirrorConcurrency,
        mirrorYieldsAbove,
        judgeQueue,
        connectTimeout,
        connections,
        seed,
        clock);
  }
}
