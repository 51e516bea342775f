package dev.sluice.signal.metrics;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Model servers whose metrics are known by name. Sources: vLLM {@code vllm/v1/metrics/loggers.py}
 * and its FastAPI instrumentation; Triton {@code docs/user_guide/metrics.md}; Text Generation
 * Inference {@code docs/source/reference/metrics.md}. KServe serves with one of them.
 */
public enum Engine {
  VLLM(
      Map.ofEntries(
          Map.entry(Quantity.LATENCY, "vllm:e2e_request_latency_seconds"),
          Map.entry(Quantity.FIRST_TOKEN, "vllm:time_to_first_token_seconds"),
          // counts answers; vllm:inter_token_latency_seconds counts tokens, which aren't
          // independent
          Map.entry(Quantity.PER_TOKEN, "vllm:request_time_per_output_token_seconds"),
          Map.entry(Quantity.REQUESTS, "http_requests_total{handler=~\"/v1/.*\"}"),
          Map.entry(Quantity.BAD, "http_requests_total{handler=~\"/v1/.*\",status=~\"5.*\"}"),
          Map.entry(Quantity.WAITING, "vllm:num_requests_waiting"),
          // before version 0.9: vllm:gpu_cache_usage_perc
          Map.entry(
              Quantity.KV_CACHE,
              "{__name__=~\"vllm:kv_cache_usage_perc|vllm:gpu_cache_usage_perc\"}"),
          Map.entry(Quantity.PREEMPTIONS, "vllm:num_preemptions_total"),
          Map.entry(Quantity.ANSWERED, "vllm:request_success_total"))),
  TRITON(
      Map.ofEntries(
          Map.entry(Quantity.GOOD, "nv_inference_request_success"),
          Map.entry(Quantity.BAD, "nv_inference_request_failure"),
          Map.entry(Quantity.WAITING, "nv_inference_pending_request_count"),
          Map.entry(Quantity.MEMORY_USED, "nv_gpu_memory_used_bytes"),
          Map.entry(Quantity.MEMORY_CAPACITY, "nv_gpu_memory_total_bytes"),
          Map.entry(Quantity.ANSWERED, "nv_inference_request_success"))),
  TGI(
      Map.ofEntries(
          Map.entry(Quantity.LATENCY, "tgi_request_duration"),
          Map.entry(Quantity.PER_TOKEN, "tgi_request_mean_time_per_token_duration"),
          Map.entry(Quantity.GOOD, "tgi_request_success"),
          Map.entry(Quantity.BAD, "tgi_request_failure"),
          Map.entry(Quantity.WAITING, "tgi_queue_size"),
          Map.entry(Quantity.ANSWERED, "tgi_request_success"))),
  /** NVIDIA's exporter of GPU telemetry; memory in MiB. */
  DCGM(
      Map.ofEntries(
          Map.entry(Quantity.MEMORY_USED_MIB, "DCGM_FI_DEV_FB_USED"),
          Map.entry(Quantity.MEMORY_FREE_MIB, "DCGM_FI_DEV_FB_FREE"))),
  /** Exporters on NVML: {@code nvidia_gpu_exporter}. */
  NVML(
      Map.ofEntries(
          Map.entry(Quantity.MEMORY_USED, "nvidia_smi_memory_used_bytes"),
          Map.entry(Quantity.MEMORY_CAPACITY, "nvidia_smi_memory_total_bytes"))),
  /** What every process publishes of itself, by the Prometheus client libraries. */
  PROCESS(
      Map.ofEntries(
          Map.entry(Quantity.HOST_MEMORY, "process_resident_memory_bytes"),
          Map.entry(Quantity.START_TIME, "process_start_time_seconds")));

  @SuppressWarnings("ImmutableEnumChecker") // made by Map.ofEntries
  private final Map<Quantity, String> metrics;

  Engine(Map<Quantity, String> metrics) {
    this.metrics = metrics;
  }

  /** As files write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The selector of what it publishes under that meaning; empty if it doesn't. */
  public Optional<String> metric(Quantity quantity) {
    return Optional.ofNullable(metrics.get(quantity));
  }
}
