package dev.sluice.sample;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.LongSupplier;

/**
 * What {@code /metrics} says, under the names that users of Triton ({@code nv_inference_…}, counted
 * in microseconds) and vLLM ({@code vllm:…}) know, and what is simulated or broken on purpose under
 * {@code sluice_sample_…}. Counters of Triton end in no {@code _total}, so they go out untyped.
 */
final class SampleMetrics {
  static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Labels labels;
  private final String model;

  private long successes;
  private long failures;
  private long images;
  private long requestNanos;
  private long queueNanos;
  private long inferNanos;

  private final Histogram latency =
      Histogram.builder()
          .name("vllm:e2e_request_latency_seconds")
          .help("From the whole request read to its answer written")
          .labelNames("model_name")
          .classicOnly()
          .classicUpperBounds(.001, .002, .005, .01, .015, .02, .03, .05, .1, .25, .5, 1, 2.5, 10)
          .register(registry);
  private final Counter finished =
      Counter.builder()
          .name("vllm:request_success")
          .help("Requests answered")
          .labelNames("finished_reason", "model_name")
          .register(registry);
  private final Counter requests =
      Counter.builder()
          .name("sluice_sample_requests")
          .help("Inference requests by who asked and how they were answered")
          .labelNames("caller", "code")
          .register(registry);
  private final Counter faulty =
      Counter.builder()
          .name("sluice_sample_faulty_answers")
          .help("Answers broken on purpose")
          .labelNames("fault")
          .register(registry);
  private final Counter simulated =
      Counter.builder()
          .name("sluice_sample_simulated_device_seconds")
          .help("SIMULATED device time: slept, no accelerator was at work")
          .register(registry);

  SampleMetrics(ServedModel model) {
    this.model = model.name();
    this.labels = Labels.of("model", model.name(), "version", model.version());
    Info.builder()
        .name("sluice_sample_model_info")
        .help("The model served")
        .labelNames("model", "version", "digest", "tokenizer")
        .register(registry)
        .addLabelValues(model.name(), model.version(), model.digest(), "none");
    ProcessMetrics.builder().register(registry);
    untyped("nv_inference_request_success", "Requests answered", () -> successes);
    untyped("nv_inference_request_failure", "Requests refused or failed", () -> failures);
    untyped("nv_inference_count", "Images inferred on", () -> images);
    untyped("nv_inference_exec_count", "Executions of the model", () -> successes);
    untyped("nv_inference_request_duration_us", "Whole", () -> requestNanos / 1_000);
    untyped("nv_inference_queue_duration_us", "Waiting for a slot", () -> queueNanos / 1_000);
    untyped(
        "nv_inference_compute_infer_duration_us",
        "On the device, simulated time included",
        () -> inferNanos / 1_000);
    ResidentMemory.now()
        .peakBytes()
        .ifPresent(
            linux ->
                gauge(
                    "sluice_sample_resident_memory_peak_bytes",
                    "The most resident memory there ever was",
                    () -> ResidentMemory.now().peakBytes().orElse(0)));
  }

  /** Shows a server's queue. */
  void show(Device device, DeviceTime time) {
    gauge(
        "sluice_sample_queue_reject_threshold",
        "How many requests may wait before the next is rejected",
        device::rejectThreshold);
    modelGauge("vllm:num_requests_running", "Requests in a slot", device::running);
    modelGauge("vllm:num_requests_waiting", "Requests waiting for a slot", device::waiting);
    GaugeWithCallback.builder()
        .name("nv_inference_pending_request_count")
        .help("Requests waiting for a slot")
        .labelNames("model", "version")
        .callback(c -> c.call(device.waiting(), labels.get("model"), labels.get("version")))
        .register(registry);
    GaugeWithCallback.builder()
        .name("sluice_sample_simulated_device_median_seconds")
        .help("Median of the SIMULATED device time, faults included; 0 when not simulated")
        .callback(c -> c.call(time.median().toNanos() / 1e9 * time.factor()))
        .register(registry);
  }

  /** Shows which faults are switched on, and since when each can be seen. */
  void show(FaultInjection injection) {
    Info info =
        Info.builder()
            .name("sluice_sample_fault_info")
            .help("A fault switched on at start-up, on purpose")
            .labelNames("fault", "value")
            .register(registry);
    for (Fault fault : injection.faults()) {
      info.addLabelValues(fault.kind(), fault.value());
      faulty.initLabelValues(fault.kind());
    }
    GaugeWithCallback.builder()
        .name("sluice_sample_fault_onset_timestamp_seconds")
        .help("Since when the fault can be seen; absent before")
        .labelNames("fault")
        .callback(
            c -> injection.onsets().forEach((kind, at) -> c.call(at.toEpochMilli() / 1e3, kind)))
        .register(registry);
  }

  /** Shows how much is leaked. */
  void show(MemoryLeak leak) {
    gauge("sluice_sample_leaked_bytes", "Memory leaked on purpose", leak::bytes);
  }

  private void gauge(String name, String help, LongSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(c -> c.call((double) value.getAsLong()))
        .register(registry);
  }

  private void modelGauge(String name, String help, LongSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("model_name")
        .callback(c -> c.call((double) value.getAsLong(), model))
        .register(registry);
  }

  private void untyped(String name, String help, LongSupplier value) {
    registry.register(
        () ->
            UnknownSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(
                    UnknownSnapshot.UnknownDataPointSnapshot.builder()
                        .labels(labels)
                        .value((double) value.getAsLong())
                        .build())
                .build());
  }

  /** A request answered with an inference. */
  void answered(Caller caller, int batch, long queued, long device, long whole) {
    successes++;
    images += batch;
    queueNanos += queued;
    inferNanos += device;
    requestNanos += whole;
    latency.labelValues(model).observe(whole / 1e9);
    finished.labelValues("stop", model).inc();
    requests.labelValues(caller.word(), "200").inc();
  }

  /** A request refused or failed. */
  void failed(Caller caller, int code) {
    failures++;
    requests.labelValues(caller.word(), String.valueOf(code)).inc();
  }

  void faulty(String kind) {
    faulty.labelValues(kind).inc();
  }

  void simulated(long nanos) {
    simulated.inc(nanos / 1e9);
  }

  /** Prometheus text. */
  byte[] text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(8192);
    try {
      PrometheusTextFormatWriter.create()
          .write(out, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
