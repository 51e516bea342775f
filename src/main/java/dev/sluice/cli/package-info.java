/**
 * The command line: picocli commands over the REST API. Classes load lean on purpose (no Quarkus,
 * no {@code java.net.http}): a command is up in a quarter of a second.
 */
@NullMarked
package dev.sluice.cli;

import org.jspecify.annotations.NullMarked;
