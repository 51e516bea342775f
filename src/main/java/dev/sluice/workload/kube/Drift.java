package dev.sluice.workload.kube;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.Optional;

/**
 * Where what lies on the cluster differs from what Sluice wants. The API server and admission
 * controllers fill in what Sluice leaves open, so only what is wanted is looked at: a field by hand
 * where Sluice says nothing stays.
 */
final class Drift {
  private Drift() {}

  /**
   * The first difference, as {@code spec.replicas: 3 is wanted, is 1}; empty if all that is wanted
   * is there. Lists must be of the same length and order.
   */
  static Optional<String> of(JsonNode wanted, JsonNode live) {
    return of("", wanted, live);
  }

  private static Optional<String> of(String path, JsonNode wanted, JsonNode live) {
    if (wanted.isObject()) {
      for (Map.Entry<String, JsonNode> field : wanted.properties()) {
        Optional<String> found =
            of(
                path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                field.getValue(),
                live.path(field.getKey()));
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
    if (wanted.isArray()) {
      if (wanted.size() != live.size()) {
        return Optional.of(
            "%s: %d items are wanted, there are %d".formatted(path, wanted.size(), live.size()));
      }
      for (int i = 0; i < wanted.size(); i++) {
        Optional<String> found = of(path + "[" + i + "]", wanted.get(i), live.path(i));
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
    return same(wanted, live)
        ? Optional.empty()
        : Optional.of(
            "%s: %s is wanted, %s"
                .formatted(
                    path,
                    wanted.asText(),
                    live.isMissingNode() ? "is not there" : "is " + live.asText()));
  }

  private static boolean same(JsonNode wanted, JsonNode live) {
    if (wanted.isNull()) {
      return live.isMissingNode() || live.isNull();
    }
    if (!live.isValueNode()) {
      // an empty value is not kept by the API server
      return live.isMissingNode() && wanted.asText().isEmpty();
    }
    return wanted.asText().equals(live.asText()) || sameQuantity(wanted.asText(), live.asText());
  }

  /** The API server writes 1024Mi as 1Gi. */
  private static boolean sameQuantity(String wanted, String live) {
    try {
      return new Quantity(wanted)
              .getNumericalAmount()
              .compareTo(new Quantity(live).getNumericalAmount())
          == 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
