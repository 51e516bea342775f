@NullMarked
package dev.sluice.workload;

import org.jspecify.annotations.NullMarked;
