package dev.sluice.workload;

import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Finds out whether one running server is ready in depth (law 25), by asking it. */
@FunctionalInterface
public interface Probe {
  /**
   * Asks once. Never throws for what the server does or fails to do: that is a failed check. Takes
   * a bounded time.
   *
   * @param base where the server answers, e.g. {@code http://127.0.0.1:20001}
   */
  ProbeResult probe(URI base, ModelService service, ModelVersion version);

  /** Asks so many times at once, 1 or more; returns when all have answered. */
  static List<ProbeResult> abreast(int times, Supplier<ProbeResult> one) {
    if (times == 1) {
      return List.of(one.get());
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<ProbeResult>> under =
          Stream.generate(() -> CompletableFuture.supplyAsync(one, threads)).limit(times).toList();
      return under.stream().map(CompletableFuture::join).toList();
    }
  }
}
