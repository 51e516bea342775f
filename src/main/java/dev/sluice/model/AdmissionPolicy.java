package dev.sluice.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a service lets in, so that more requests than it can carry are turned away in time instead
 * of making all of them late.
 */
public record AdmissionPolicy(
    Concurrency concurrency, Waiting waiting, Caps caps, Tenants tenants, Lanes lanes) {

  /** Nothing is turned away but what no service could carry. */
  public static final AdmissionPolicy SAFE =
      new AdmissionPolicy(Concurrency.SAFE, Waiting.NONE, Caps.SAFE, Tenants.UNLIMITED, Lanes.NONE);

  /**
   * How many requests, copies included, may be under way to a version.
   *
   * @param most at one replica, 1 or more; of a version times its ready replicas
   * @param least at one replica, 1..most: an adaptive limit never goes below it
   * @param adaptive whether the limit is found between the two by how latency answers to load; else
   *     it is {@code most}
   */
  public record Concurrency(int most, int least, boolean adaptive) {
    /** As many as a replica is given connections. */
    public static final Concurrency SAFE = new Concurrency(512, 4, false);

    public Concurrency {
      if (least < 1 || least > most) {
        throw new IllegalArgumentException(
            "concurrency must have 1 <= least <= most, were " + least + " and " + most);
      }
    }
  }

  /**
   * How many requests may wait for their turn at a version.
   *
   * @param depth at most so many, 0 or more
   * @param most and each so long at most
   */
  public record Waiting(int depth, Duration most) {
    /** Nobody waits. */
    public static final Waiting NONE = new Waiting(0, Duration.ZERO);

    public Waiting {
      if (depth < 0 || most.isNegative()) {
        throw new IllegalArgumentException(
            "a queue must have a depth and a wait of 0 or more, were " + depth + " and " + most);
      }
    }
  }

  /**
   * The largest requests.
   *
   * @param bytes of a request's body
   * @param inputTokens in a request of the OpenAI protocol, as estimated from its text; null: any
   *     number
   * @param outputTokens that such a request may ask for; it must then say how many. Null: any
   *     number
   */
  public record Caps(long bytes, @Nullable Integer inputTokens, @Nullable Integer outputTokens) {
    public static final Caps SAFE = new Caps(64L << 20, null, null);

    public Caps {
      if (bytes < 1) {
        throw new IllegalArgumentException("a request's body must be 1 byte or more, was " + bytes);
      }
    }

    /** Whether a request has to be read to know. */
    public boolean countTokens() {
      return inputTokens != null || outputTokens != null;
    }
  }

  /**
   * Who may send how much.
   *
   * @param header that names a request's tenant. It is believed: whoever stands before the router
   *     sets it. Null: nobody is told apart
   * @param named by name
   * @param others what all the others have together, those without a name included: a name made up
   *     for each request gains nothing
   */
  public record Tenants(@Nullable String header, Map<String, Tenant> named, Tenant others) {
    public static final Tenants UNLIMITED = new Tenants(null, Map.of(), Tenant.UNLIMITED);

    public Tenants {
      named = Map.copyOf(named);
    }

    /** Whether tokens have to be counted. */
    public boolean countTokens() {
      return others.tokens() != null
          || named.values().stream().anyMatch(tenant -> tenant.tokens() != null);
    }
  }

  /**
   * What a tenant may send.
   *
   * @param requests null: any number
   * @param tokens of input and output together; null: any number
   * @param lane of its requests, where the route has none; null: {@link Lane#NORMAL}
   * @param upTo the most urgent lane that its requests may ask for; null: none above their own
   */
  public record Tenant(
      @Nullable Rate requests, @Nullable Rate tokens, @Nullable Lane lane, @Nullable Lane upTo) {
    public static final Tenant UNLIMITED = new Tenant(null, null, null, null);

    public Tenant {
      if (lane == Lane.SHADOW || upTo == Lane.SHADOW) {
        throw new IllegalArgumentException("the lane shadow is that of copies");
      }
    }
  }

  /**
   * How urgent requests are, and what each lane is sure of.
   *
   * @param header in which a request asks for a lane: a less urgent one than its own, or as urgent
   *     a one as its tenant may. Null: nobody asks
   * @param routes lanes of requests by their method and path; the first that fits
   * @param shares of the room of a version, and of the places to wait, together below 100 %; what
   *     isn't guaranteed to a lane goes by urgency
   */
  public record Lanes(@Nullable String header, List<LaneOf> routes, Map<Lane, Share> shares) {
    public static final Lanes NONE = new Lanes(null, List.of(), Map.of());

    public Lanes {
      routes = List.copyOf(routes);
      shares = Map.copyOf(shares);
      int sum = shares.values().stream().mapToInt(Share::basisPoints).sum();
      if (sum >= Share.WHOLE || shares.containsKey(Lane.SHADOW)) {
        throw new IllegalArgumentException(
            "shares of lanes must be below 100% together, and none be of shadow, were " + shares);
      }
    }
  }

  /**
   * The lane of some requests.
   *
   * @param requests as {@code POST /v1/embeddings}
   */
  public record LaneOf(List<String> requests, Lane lane) {
    public LaneOf {
      requests = List.copyOf(requests);
      if (lane == Lane.SHADOW) {
        throw new IllegalArgumentException("the lane shadow is that of copies");
      }
    }
  }

  /**
   * So much in a time. What isn't used is kept up to {@code amount}: that much may come at once.
   *
   * @param amount 1 or more
   * @param per above zero
   */
  public record Rate(long amount, Duration per) {
    public Rate {
      if (amount < 1 || per.isNegative() || per.isZero()) {
        throw new IllegalArgumentException(
            "a rate must be 1 or more in a time above zero, was " + amount + " in " + per);
      }
    }
  }
}
