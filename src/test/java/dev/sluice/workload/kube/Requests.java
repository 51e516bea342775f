package dev.sluice.workload.kube;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a client asked of the API server, as RBAC calls it. */
final class Requests implements Interceptor {
  private static final Pattern PATH =
      Pattern.compile(
          "/(?:api|apis/(?<group>[^/]+))/[^/]+(?:/namespaces/(?<namespace>[^/]+))?/(?<resource>[^/]+)"
              + "(?:/(?<name>[^/]+))?(?:/(?<sub>[^/]+))?");

  /**
   * One request.
   *
   * @param group of the API; empty for the core
   * @param namespace empty where the whole cluster was asked
   */
  record Asked(String verb, String group, String resource, String namespace) {}

  private final Collection<Asked> asked = new ConcurrentLinkedQueue<>();

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    Matcher path = PATH.matcher(request.uri().getPath());
    if (path.matches()) {
      boolean named = path.group("name") != null;
      String query = request.uri().getQuery() == null ? "" : request.uri().getQuery();
      String verb =
          switch (request.method()) {
            case "GET" -> query.contains("watch=true") ? "watch" : named ? "get" : "list";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> named ? "delete" : "deletecollection";
            default -> request.method();
          };
      asked.add(
          new Asked(
              verb,
              path.group("group") == null ? "" : path.group("group"),
              path.group("resource") + (path.group("sub") == null ? "" : "/" + path.group("sub")),
              path.group("namespace") == null ? "" : path.group("namespace")));
    }
  }

  /** All of them so far, in their order. */
  List<Asked> all() {
    return List.copyOf(asked);
  }

  /** Those that changed something. */
  List<Asked> writes() {
    return asked.stream()
        .filter(one -> !Set.of("get", "list", "watch").contains(one.verb()))
        .toList();
  }

  /** As {@code create apps/deployments}, each once. */
  Set<String> words() {
    Set<String> words = new TreeSet<>();
    asked.forEach(
        one ->
            words.add(
                one.verb()
                    + " "
                    + (one.group().isEmpty() ? "" : one.group() + "/")
                    + one.resource()
                    + (one.namespace().isEmpty() ? " in the cluster" : "")));
    return words;
  }
}
