@NullMarked
package dev.sluice.workload.kube;

import org.jspecify.annotations.NullMarked;
