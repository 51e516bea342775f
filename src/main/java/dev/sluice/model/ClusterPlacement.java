package dev.sluice.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where versions of a service run on a Kubernetes cluster, and as what pods.
 *
 * @param template pod template (core/v1 {@code PodTemplateSpec}) that every version starts from, as
 *     JSON text; Sluice fills in what belongs to the version and what the template leaves open
 * @param container name of the container in it that serves the model
 * @param port where that container answers
 * @param priorityClass of its pods; null: what the template says
 * @param adopt name of a Deployment that already serves the service's first stable version, and is
 *     left as it is; null: there is none
 */
public record ClusterPlacement(
    String namespace,
    String template,
    String container,
    int port,
    @Nullable String priorityClass,
    Pool pool,
    @Nullable String adopt) {

  private static final int LONGEST_NAME = 63;
  private static final int HASH_DIGITS = 8;

  public ClusterPlacement {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port must be 1..65535, was " + port);
    }
  }

  /**
   * The nodes that its pods may run on.
   *
   * @param nodeSelector labels that such a node carries
   * @param tolerations what taints of it are borne, as a JSON list of core/v1 {@code Toleration}s
   * @param runtimeClass null: the cluster's default
   * @param gpu the extended resource that stands for one GPU, as {@code nvidia.com/gpu}
   * @param zones that replicas are spread over, evenly to one; empty: spread as well as it goes,
   *     over whatever zones there are
   */
  public record Pool(
      Map<String, String> nodeSelector,
      String tolerations,
      @Nullable String runtimeClass,
      String gpu,
      List<String> zones) {
    public Pool {
      nodeSelector = Map.copyOf(nodeSelector);
      zones = List.copyOf(zones);
    }
  }

  /**
   * What the Deployment, Service and PodDisruptionBudget of a version are called: a DNS label of 63
   * letters at most, the end of a longer one replaced by a hash of the whole.
   */
  public static String nameOf(ServiceName service, VersionName version) {
    String whole = service + "--" + version;
    // a Service's name may not begin with a digit
    String name = Character.isDigit(whole.charAt(0)) ? "m-" + whole : whole;
    return name.length() <= LONGEST_NAME
        ? name
        : name.substring(0, LONGEST_NAME - HASH_DIGITS - 1) + "-" + hash(whole);
  }

  private static String hash(String text) {
    try {
      byte[] sha =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
