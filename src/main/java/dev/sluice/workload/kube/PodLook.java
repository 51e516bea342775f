package dev.sluice.workload.kube;

import dev.sluice.workload.ExitCode;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the kubelet and the scheduler say of one pod.
 *
 * @param address of the pod; null before it has one
 * @param run the container's id, another after each restart; null before it was first started
 * @param up whether the kubelet calls the pod ready
 * @param detail one phrase of what it waits for or died of
 * @param end how its server ended, or why it never can start; null if neither. A container that the
 *     kubelet has restarted since has ended too
 * @param endedAt null where nobody says
 */
record PodLook(
    @Nullable String address,
    @Nullable String run,
    boolean up,
    String detail,
    @Nullable String end,
    @Nullable Instant endedAt) {

  /** What no patience puts right. An image that can't be pulled isn't among it: registries go. */
  private static final Set<String> HOPELESS =
      Set.of("InvalidImageName", "CreateContainerConfigError", "CreateContainerError");

  private static final String LOOP = "CrashLoopBackOff";

  static PodLook at(Pod pod, String container) {
    PodStatus status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
    ContainerStatus server =
        status.getContainerStatuses().stream()
            .filter(of -> container.equals(of.getName()))
            .findFirst()
            .orElse(null);
    End end = "Failed".equals(status.getPhase()) ? failed(status) : End.NONE;
    if (server != null && (end.how() == null || terminated(server).isPresent())) {
      end = end(server);
    }
    return new PodLook(
        status.getPodIP(),
        server == null || server.getState() == null || server.getState().getRunning() == null
            ? null
            : server.getContainerID(),
        isTrue(status, "Ready"),
        end.how() == null ? waiting(status, server) : end.how(),
        end.how(),
        end.at());
  }

  private record End(@Nullable String how, @Nullable Instant at) {
    static final End NONE = new End(null, null);
  }

  private static End failed(PodStatus status) {
    String reason = status.getReason() == null ? "pod failed" : "pod failed: " + status.getReason();
    return new End(
        status.getMessage() == null ? reason : reason + ": " + status.getMessage(), null);
  }

  private static End end(ContainerStatus server) {
    ContainerState now = server.getState();
    ContainerStateWaiting waiting = now == null ? null : now.getWaiting();
    Optional<ContainerStateTerminated> last = terminated(server);
    if (last.isPresent()) {
      ContainerStateTerminated how = last.get();
      String reason = String.valueOf(how.getReason());
      String phrase =
          ExitCode.phrase(how.getExitCode() == null ? -1 : how.getExitCode())
              + (reason.equals("Error") || reason.equals("null") ? "" : ", " + reason);
      int restarts = server.getRestartCount() == null ? 0 : server.getRestartCount();
      return new End(
          phrase
              + (restarts > 0 ? ", restarted " + restarts + " times" : "")
              + (waiting != null && LOOP.equals(waiting.getReason()) ? ", " + LOOP : "")
              + (how.getMessage() == null ? "" : "; it said: " + how.getMessage().strip()),
          time(how.getFinishedAt()));
    }
    if (waiting != null && HOPELESS.contains(String.valueOf(waiting.getReason()))) {
      return new End(told(waiting.getReason(), waiting.getMessage()), null);
    }
    return End.NONE;
  }

  private static Optional<ContainerStateTerminated> terminated(ContainerStatus server) {
    return Optional.ofNullable(server.getState())
        .map(ContainerState::getTerminated)
        .or(() -> Optional.ofNullable(server.getLastState()).map(ContainerState::getTerminated));
  }

  private static String waiting(PodStatus status, @Nullable ContainerStatus server) {
    Optional<PodCondition> scheduled = condition(status, "PodScheduled");
    if (scheduled.isPresent() && "False".equals(scheduled.get().getStatus())) {
      PodCondition why = scheduled.get();
      return told(String.valueOf(why.getReason()), why.getMessage());
    }
    ContainerStateWaiting waiting =
        server == null || server.getState() == null ? null : server.getState().getWaiting();
    if (waiting != null) {
      return told(String.valueOf(waiting.getReason()), waiting.getMessage());
    }
    if (server != null && server.getState() != null && server.getState().getRunning() != null) {
      return "loading: the kubelet's probes don't pass yet";
    }
    return scheduled.isEmpty() ? "not scheduled yet" : "starting";
  }

  private static String told(String reason, @Nullable String message) {
    return message == null || message.isBlank() ? reason : reason + ": " + message;
  }

  private static boolean isTrue(PodStatus status, String type) {
    return condition(status, type).map(PodCondition::getStatus).filter("True"::equals).isPresent();
  }

  private static Optional<PodCondition> condition(PodStatus status, String type) {
    List<PodCondition> conditions = status.getConditions();
    return conditions.stream().filter(condition -> type.equals(condition.getType())).findFirst();
  }

  private static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      return null; // when matters less than that
    }
  }
}
