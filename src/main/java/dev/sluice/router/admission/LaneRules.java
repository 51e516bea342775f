package dev.sluice.router.admission;

import dev.sluice.model.AdmissionPolicy.LaneOf;
import dev.sluice.model.AdmissionPolicy.Lanes;
import dev.sluice.model.AdmissionPolicy.Tenant;
import dev.sluice.model.Lane;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which lane a request goes in. */
final class LaneRules {
  private static final Map<String, Lane> ASKED_FOR = new LinkedHashMap<>();

  static {
    for (Lane lane : Lane.values()) {
      if (lane != Lane.SHADOW) {
        ASKED_FOR.put(lane.word(), lane);
      }
    }
  }

  private record Route(RequestPatterns requests, Lane lane) {}

  private final Lanes declared;
  private final List<Route> routes = new ArrayList<>();

  /**
   * Reads the routes.
   *
   * @throws IllegalArgumentException quotes one that can't be read
   */
  LaneRules(Lanes declared) {
    this.declared = declared;
    for (LaneOf route : declared.routes()) {
      routes.add(new Route(new RequestPatterns(route.requests()), route.lane()));
    }
  }

  /** The header that asks for a lane; null: there is none. */
  @Nullable String header() {
    return declared.header();
  }

  /** The lane of a request that asks for none: its route's, else its tenant's, else normal. */
  Lane own(String method, String path, Tenant tenant) {
    for (Route route : routes) {
      if (route.requests().covers(method, path)) {
        return route.lane();
      }
    }
    return tenant.lane() == null ? Lane.NORMAL : tenant.lane();
  }

  /** What a header asks for; null: it isn't a lane that one may ask for. */
  static @Nullable Lane read(String asked) {
    return ASKED_FOR.get(asked);
  }

  static String words() {
    return String.join(", ", ASKED_FOR.keySet());
  }

  /** What comes of it: anybody may step back, and forward as far as its tenant may. */
  static Lane granted(Lane own, Lane asked, Tenant tenant) {
    Lane first = tenant.upTo() == null || tenant.upTo().compareTo(own) > 0 ? own : tenant.upTo();
    return asked.compareTo(first) < 0 ? first : asked;
  }
}
