package dev.sluice.intake.document;

import dev.sluice.model.AdmissionPolicy;
import dev.sluice.model.AdmissionPolicy.Caps;
import dev.sluice.model.AdmissionPolicy.Concurrency;
import dev.sluice.model.AdmissionPolicy.Lanes;
import dev.sluice.model.AdmissionPolicy.Tenant;
import dev.sluice.model.AdmissionPolicy.Tenants;
import dev.sluice.model.AdmissionPolicy.Waiting;
import dev.sluice.model.Protocol;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code traffic.admission} of a model service. */
final class AdmissionReader {
  static final int MOST_AT_A_REPLICA = 100_000;
  static final int MOST_WAITING = 10_000;
  static final int MOST_TOKENS = 100_000_000;
  static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  static final Duration WAIT = Duration.ofMillis(100);

  private AdmissionReader() {}

  /** Null if something in it is wrong. */
  static @Nullable AdmissionPolicy read(Fields admission, Protocol protocol, Problems problems) {
    int before = problems.count();
    Concurrency concurrency = concurrency(admission.object("concurrency"), problems);
    Waiting waiting = waiting(admission.object("queue"), problems);
    Caps caps = caps(admission.object("request"), protocol, problems);
    Tenants tenants = tenants(admission.object("tenants"), protocol, problems);
    Lanes lanes = LaneReader.read(admission.object("lanes"), problems);
    admission.end();
    return problems.count() > before
            || concurrency == null
            || waiting == null
            || caps == null
            || lanes == null
        ? null
        : new AdmissionPolicy(concurrency, waiting, caps, tenants, lanes);
  }

  private static @Nullable Concurrency concurrency(Fields fields, Problems problems) {
    int before = problems.count();
    int most = fields.count("most", 1, MOST_AT_A_REPLICA, Concurrency.SAFE.most());
    int least =
        fields.count("least", 1, MOST_AT_A_REPLICA, Math.min(Concurrency.SAFE.least(), most));
    boolean adaptive = fields.truth("adaptive", false);
    if (problems.count() == before && least > most) {
      fields.wrong("least", "must be at most the most, " + most + ", was " + least);
    }
    fields.end();
    return problems.count() > before ? null : new Concurrency(most, least, adaptive);
  }

  private static @Nullable Waiting waiting(Fields fields, Problems problems) {
    int before = problems.count();
    int depth = fields.count("depth", 0, MOST_WAITING, 0);
    Duration wait = fields.span("wait", WAIT);
    if (wait.compareTo(LONGEST_WAIT) > 0) {
      fields.wrong(
          "wait", "must be " + Units.text(LONGEST_WAIT) + " at most, was " + Units.text(wait));
    }
    fields.end();
    if (problems.count() > before) {
      return null;
    }
    return depth == 0 ? Waiting.NONE : new Waiting(depth, wait);
  }

  private static @Nullable Caps caps(Fields fields, Protocol protocol, Problems problems) {
    int before = problems.count();
    long bytes = fields.bytes("bytes", Caps.SAFE.bytes());
    if (problems.count() == before && bytes < 1) {
      fields.wrong("bytes", "must be 1 or more");
    }
    Integer input = tokens(fields, "inputTokens", protocol);
    Integer output = tokens(fields, "outputTokens", protocol);
    fields.end();
    return problems.count() > before ? null : new Caps(bytes, input, output);
  }

  private static @Nullable Integer tokens(Fields fields, String key, Protocol protocol) {
    if (!fields.has(key)) {
      return null;
    }
    int most = fields.count(key, 1, MOST_TOKENS, 1);
    requireOpenAi(fields, key, protocol);
    return most;
  }

  private static void requireOpenAi(Fields fields, String key, Protocol protocol) {
    if (protocol != Protocol.OPENAI) {
      fields.wrong(
          key,
          "needs protocol openai, in whose requests tokens can be counted; it is "
              + protocol.word());
    }
  }

  private static Tenants tenants(Fields fields, Protocol protocol, Problems problems) {
    String header = ServiceReader.header(fields, "header");
    List<Node> items = fields.list("named");
    if (header == null && !items.isEmpty()) {
      fields.wrong("named", "needs a header beside it that tells who sends a request");
    }
    Map<String, Tenant> named = new LinkedHashMap<>();
    for (int i = 0; i < items.size(); i++) {
      Fields item = new Fields(items.get(i), fields.path("named[" + i + "]"), problems);
      String name = item.text("name");
      Tenant tenant = tenant(item, protocol);
      item.end();
      if (!name.isBlank() && named.put(name, tenant) != null) {
        item.wrong("name", "'" + name + "' is declared twice");
      }
    }
    Fields others = fields.object("others");
    Tenant rest = tenant(others, protocol);
    others.end();
    fields.end();
    return new Tenants(header, named, rest);
  }

  private static Tenant tenant(Fields fields, Protocol protocol) {
    AdmissionPolicy.Rate requests = fields.rateOrNull("requests");
    AdmissionPolicy.Rate tokens = fields.rateOrNull("tokens");
    if (tokens != null) {
      requireOpenAi(fields, "tokens", protocol);
    }
    return new Tenant(
        requests, tokens, LaneReader.lane(fields, "lane"), LaneReader.lane(fields, "upTo"));
  }
}
