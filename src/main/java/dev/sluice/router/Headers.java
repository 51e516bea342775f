package dev.sluice.router;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which headers go on, and which end here. */
final class Headers {
  static final String REQUEST_ID = "x-request-id";
  static final String VERSION = "x-sluice-version";
  static final String SHADOW = "x-sluice-shadow";

  private static final int REQUEST_ID_CHARS = 128;

  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings");

  // host: the upstream's own; expect: answered here; accept-encoding: answers must be readable to
  // be judged, and the way to the upstream is short; the shadow mark is ours to give
  private static final Set<String> OF_CALLERS_ALONE =
      Set.of("host", "expect", "accept-encoding", SHADOW, REQUEST_ID);

  private static final Set<String> OF_UPSTREAMS_ALONE = Set.of(VERSION, REQUEST_ID);

  private Headers() {}

  /** What goes upstream of a caller's headers. */
  static MultiMap toUpstream(MultiMap fromCaller, String requestId, boolean shadow) {
    MultiMap out = forwarded(fromCaller, OF_CALLERS_ALONE);
    out.set(REQUEST_ID, requestId);
    if (shadow) {
      out.set(SHADOW, "true");
    }
    return out;
  }

  /** What goes to the caller of an upstream's headers. */
  static MultiMap toCaller(MultiMap fromUpstream) {
    return forwarded(fromUpstream, OF_UPSTREAMS_ALONE);
  }

  private static MultiMap forwarded(MultiMap from, Set<String> without) {
    Set<String> named = named(from.getAll(HttpHeaders.CONNECTION));
    MultiMap out = MultiMap.caseInsensitiveMultiMap();
    for (Map.Entry<String, String> e : from) {
      String name = e.getKey().toLowerCase(Locale.ROOT);
      boolean endsHere =
          name.startsWith(":")
              || HOP_BY_HOP.contains(name)
              || without.contains(name)
              || named.contains(name);
      if (!endsHere) {
        out.add(e.getKey(), e.getValue());
      }
    }
    return out;
  }

  private static Set<String> named(Iterable<String> connection) {
    Set<String> names = new HashSet<>();
    for (String value : connection) {
      for (String name : value.split(",", -1)) {
        names.add(name.strip().toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  /** The caller's request id if it is one (1..128 visible characters), else a new one. */
  static String requestId(MultiMap fromCaller) {
    String given = fromCaller.get(REQUEST_ID);
    boolean usable =
        given != null
            && !given.isEmpty()
            && given.length() <= REQUEST_ID_CHARS
            && given.chars().allMatch(c -> c > ' ' && c < 0x7f);
    return usable ? given : UUID.randomUUID().toString();
  }

  static boolean isJson(MultiMap headers) {
    String type = mediaType(headers);
    return type.equals("application/json") || type.endsWith("+json");
  }

  static boolean isEventStream(MultiMap headers) {
    return mediaType(headers).equals("text/event-stream");
  }

  private static String mediaType(MultiMap headers) {
    String type = headers.get(HttpHeaders.CONTENT_TYPE);
    if (type == null) {
      return "";
    }
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /** -1 if there is none, or it isn't a length. */
  static long contentLength(MultiMap headers) {
    @Nullable String text = headers.get(HttpHeaders.CONTENT_LENGTH);
    if (text == null) {
      return -1;
    }
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException notALength) {
      return -1;
    }
  }
}
