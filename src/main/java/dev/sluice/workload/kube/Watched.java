package dev.sluice.workload.kube;

import dev.sluice.model.Unavailable;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The objects of one kind, in one namespace or in the cluster, as a watch keeps them. */
final class Watched<T extends HasMetadata> implements AutoCloseable {
  private final SharedIndexInformer<T> informer;
  private final String resource;
  private final String namespace;
  private final CompletableFuture<Void> started;
  private volatile @Nullable Throwable fault;

  /**
   * Begins to read and watch.
   *
   * @param resource in the plural
   * @param namespace empty for the cluster
   * @param statusToo whether it matters what is told of an object's status, not only what is wanted
   *     of it
   * @param changed told of each object that came, changed or went
   */
  Watched(
      SharedIndexInformer<T> informer,
      String resource,
      String namespace,
      boolean statusToo,
      Consumer<T> changed) {
    this.informer = informer;
    this.resource = resource;
    this.namespace = namespace;
    informer.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(T added) {
            changed.accept(added);
          }

          @Override
          public void onUpdate(T before, T now) {
            Long generation = now.getMetadata().getGeneration();
            if (statusToo
                || generation == null
                || !generation.equals(before.getMetadata().getGeneration())) {
              changed.accept(now);
            }
          }

          @Override
          public void onDelete(T gone, boolean unsure) {
            changed.accept(gone);
          }
        });
    informer.exceptionHandler(
        (running, thrown) -> {
          fault = thrown;
          return true; // it may pass: RBAC is put right, the API server comes back
        });
    this.started = informer.start().toCompletableFuture();
  }

  /**
   * Waits until it was read for the first time.
   *
   * @throws Unavailable if that takes longer, saying what stands in the way
   */
  void await(Duration patience) {
    try {
      started.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw unread();
    } catch (ExecutionException e) {
      fault = e.getCause();
      throw unread();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unread();
    }
  }

  List<T> all() {
    return informer.getStore().list();
  }

  Optional<T> named(String name) {
    String key = namespace.isEmpty() ? name : namespace + "/" + name;
    return Optional.ofNullable(informer.getStore().getByKey(key));
  }

  @Override
  public void close() {
    informer.close();
  }

  private Unavailable unread() {
    Throwable thrown = fault;
    if (thrown instanceof KubernetesClientException known
        && ApiFaults.of("list", resource, namespace, known) instanceof Unavailable unavailable) {
      return unavailable;
    }
    return new Unavailable(
        "%s%s can't be read: %s"
            .formatted(
                resource,
                namespace.isEmpty() ? "" : " of namespace '" + namespace + "'",
                thrown == null ? "the API server hasn't answered yet" : thrown));
  }
}
