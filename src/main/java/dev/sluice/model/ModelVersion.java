package dev.sluice.model;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One immutable artifact set. Never edited; a change is another version.
 *
 * @param service the model service it was made for
 * @param image server image with digest, where it runs in containers
 * @param arguments what is appended to the server's command line for this version alone
 * @param source where it came from (commit, CI run), free text by key
 * @param digest SHA-256 of the canonical document, {@code sha256:<hex>}: two versions of one name
 *     with different digests are a conflict
 */
public record ModelVersion(
    VersionName name,
    ServiceName service,
    @Nullable String image,
    Artifact model,
    @Nullable Artifact tokenizer,
    Contract contract,
    Resources resources,
    Warmup warmup,
    List<String> arguments,
    Map<String, String> source,
    String digest) {

  public ModelVersion {
    arguments = List.copyOf(arguments);
    source = Map.copyOf(source);
  }

  /**
   * Where an artifact lies and what it must hash to.
   *
   * @param digest {@code sha256:<64 hex>}
   */
  public record Artifact(URI uri, String digest) {}

  /**
   * What it takes and gives.
   *
   * @param request JSON Schema of a request body, as JSON text; null: anything
   * @param response JSON Schema of an answer body, as JSON text; null: any JSON
   * @param contextLength most tokens of a prompt with its answer; 0 where none is declared
   * @param chatTemplate SHA-256 of the template that makes a prompt of messages, {@code
   *     sha256:<hex>}; null where there is none
   * @param changes what of the stable version's promises it changes on purpose
   */
  public record Contract(
      @Nullable String request,
      @Nullable String response,
      int contextLength,
      @Nullable String chatTemplate,
      Set<Promise> changes) {
    public static final Contract ANY = new Contract(null, null);

    public Contract {
      if (contextLength < 0) {
        throw new IllegalArgumentException(
            "context length must be 0 or more tokens, was " + contextLength);
      }
      // a version that was kept before there were declared changes has none
      changes = changes == null ? Set.of() : Set.copyOf(changes);
    }

    /** Schemas alone, and no change. */
    public Contract(@Nullable String request, @Nullable String response) {
      this(request, response, 0, null, Set.of());
    }
  }

  /** What callers rely on from one version to the next. */
  public enum Promise {
    REQUEST("request"),
    RESPONSE("response"),
    TOKENIZER("tokenizer"),
    CHAT_TEMPLATE("chat-template"),
    CONTEXT_LENGTH("context-length");

    private final String word;

    Promise(String word) {
      this.word = word;
    }

    /** As documents and reports say it. */
    public String word() {
      return word;
    }
  }

  /**
   * What it declares to need.
   *
   * @param gpus whole GPUs; 0 where it runs on the CPU
   * @param gpuMemoryPeakBytes peak GPU memory, 0 where there is no GPU
   * @param hostMemoryBytes peak memory of the server process
   */
  public record Resources(int gpus, long gpuMemoryPeakBytes, long hostMemoryBytes) {}

  /**
   * How a fresh server, which is slower, is brought to its pace.
   *
   * @param requests that many inferences are asked of a replica before it is called ready
   * @param time of its first traffic; what begins within it is excluded from evidence by rule
   */
  public record Warmup(int requests, Duration time) {
    public static final Warmup NONE = new Warmup(0, Duration.ZERO);

    public Warmup {
      if (requests < 0 || time.isNegative()) {
        throw new IllegalArgumentException(
            "warm-up must not be negative, was " + requests + " requests and " + time);
      }
    }
  }
}
