package dev.sluice.signal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.signal.promql.Selector;
import dev.sluice.signal.promql.SyntaxError;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The names that are known of each engine, against lines as it publishes them. */
class EngineTest {
  private static final Set<Quantity> HISTOGRAMS =
      EnumSet.of(Quantity.LATENCY, Quantity.FIRST_TOKEN, Quantity.PER_TOKEN);

  private static String published(Engine engine) {
    return switch (engine) {
      case VLLM ->
          """
          # TYPE vllm:num_requests_waiting gauge
          vllm:num_requests_waiting{engine="0",model_name="llama"} 0.0
          vllm:kv_cache_usage_perc{engine="0",model_name="llama"} 0.25
          vllm:num_preemptions_total{engine="0",model_name="llama"} 2.0
          vllm:request_success_total{engine="0",finished_reason="stop",model_name="llama"} 5.0
          vllm:e2e_request_latency_seconds_bucket{engine="0",le="0.3",model_name="llama"} 1.0
          vllm:time_to_first_token_seconds_bucket{engine="0",le="0.001",model_name="llama"} 0.0
          vllm:request_time_per_output_token_seconds_bucket{engine="0",le="0.01",model_name="llama"} 0.0
          http_requests_total{handler="/v1/chat/completions",method="POST",status="2xx"} 5.0
          http_requests_total{handler="/v1/chat/completions",method="POST",status="5xx"} 1.0
          http_requests_total{handler="/metrics",method="GET",status="5xx"} 1.0
          """;
      case TRITON ->
          """
          nv_inference_request_success{model="resnet",version="1"} 7
          nv_inference_request_failure{model="resnet",reason="OTHER",version="1"} 0
          nv_inference_pending_request_count{model="resnet",version="1"} 0
          nv_gpu_memory_total_bytes{gpu_uuid="GPU-1"} 85899345920
          nv_gpu_memory_used_bytes{gpu_uuid="GPU-1"} 1073741824
          """;
      case TGI ->
          """
          tgi_request_success{method="single"} 3
          tgi_request_failure{err="overloaded"} 1
          tgi_queue_size 0
          tgi_request_duration_bucket{le="0.15"} 2
          tgi_request_mean_time_per_token_duration_bucket{le="0.015"} 2
          """;
      case DCGM ->
          """
          DCGM_FI_DEV_FB_FREE{gpu="0",UUID="GPU-1",device="nvidia0",Hostname="n1",pod="r42-0"} 20480
          DCGM_FI_DEV_FB_USED{gpu="0",UUID="GPU-1",device="nvidia0",Hostname="n1",pod="r42-0"} 61440
          """;
      case NVML ->
          """
          nvidia_smi_memory_total_bytes{uuid="1"} 8.5899345920e+10
          nvidia_smi_memory_used_bytes{uuid="1"} 1.073741824e+09
          """;
      case PROCESS ->
          """
          process_resident_memory_bytes 1.2e+09
          process_start_time_seconds 1.7e+09
          """;
    };
  }

  private static List<Exposition.Point> hits(Engine engine, Quantity quantity, String name)
      throws SyntaxError {
    Selector selector = Selector.parse(name);
    Selector read =
        HISTOGRAMS.contains(quantity) ? selector.named(selector.metric() + "_bucket") : selector;
    return Exposition.parse(published(engine)).stream()
        .filter(point -> read.test(point.labels()))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void everyNameThatIsKnownIsOneThatTheEnginePublishes(Engine engine) throws SyntaxError {
    List<Quantity> known = new ArrayList<>();
    for (Quantity quantity : Quantity.values()) {
      String name = engine.metric(quantity).orElse("");
      if (!name.isEmpty()) {
        known.add(quantity);
        assertThat(hits(engine, quantity, name)).as("%s: %s", quantity, name).isNotEmpty();
      }
    }
    assertThat(known).isNotEmpty();
  }

  @Test
  void whatVllmIsAskedBesideItsApiIsNoRequest() throws SyntaxError {
    assertThat(hits(Engine.VLLM, Quantity.BAD, Engine.VLLM.metric(Quantity.BAD).orElseThrow()))
        .extracting(Exposition.Point::value)
        .containsExactly(1.0);
  }
}
