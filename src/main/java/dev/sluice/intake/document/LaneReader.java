package dev.sluice.intake.document;

import dev.sluice.model.AdmissionPolicy.LaneOf;
import dev.sluice.model.AdmissionPolicy.Lanes;
import dev.sluice.model.Lane;
import dev.sluice.model.Share;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code traffic.admission.lanes} of a model service. */
final class LaneReader {
  /** Copies have a lane that nobody declares. */
  static final Map<String, Lane> WORDS = new LinkedHashMap<>();

  static {
    for (Lane lane : Lane.values()) {
      if (lane != Lane.SHADOW) {
        WORDS.put(lane.word(), lane);
      }
    }
  }

  private LaneReader() {}

  /** Null if something in it is wrong. */
  static @Nullable Lanes read(Fields fields, Problems problems) {
    int before = problems.count();
    String header = ServiceReader.header(fields, "header");
    List<LaneOf> routes = routes(fields, problems);
    Map<Lane, Share> shares = new EnumMap<>(Lane.class);
    Fields declared = fields.object("shares");
    int sum = 0;
    for (Map.Entry<String, Lane> word : WORDS.entrySet()) {
      if (declared.has(word.getKey())) {
        Share share = declared.share(word.getKey());
        shares.put(word.getValue(), share);
        sum += share.basisPoints();
      }
    }
    declared.end();
    if (sum >= Share.WHOLE) {
      fields.wrong("shares", "must be below 100% together: what is over goes by urgency");
    }
    fields.end();
    return problems.count() > before ? null : new Lanes(header, routes, shares);
  }

  private static List<LaneOf> routes(Fields fields, Problems problems) {
    List<LaneOf> routes = new ArrayList<>();
    List<Node> items = fields.list("routes");
    for (int i = 0; i < items.size(); i++) {
      Fields item = new Fields(items.get(i), fields.path("routes[" + i + "]"), problems);
      List<String> requests = ServiceReader.operations(item, "requests");
      if (requests.isEmpty()) {
        item.wrong("requests", "must list at least one, as POST /v1/embeddings");
      }
      Lane lane = lane(item, "lane");
      if (!item.has("lane")) {
        item.wrong("lane", "is missing");
      }
      item.end();
      if (lane != null) {
        routes.add(new LaneOf(requests, lane));
      }
    }
    return routes;
  }

  /** Null where the key is missing, or is no lane. */
  static @Nullable Lane lane(Fields fields, String key) {
    return fields.has(key) ? fields.word(key, WORDS, Lane.NORMAL) : null;
  }
}
