/** Model versions as Deployments of a Kubernetes cluster. */
@NullMarked
package dev.sluice.workload.kube;

import org.jspecify.annotations.NullMarked;
