package dev.sluice.gate;

import java.util.List;

/**
 * What the tests of a gate make of one batch.
 *
 * @param fail log increments of the process towards failing
 * @param pass those of each process towards passing
 */
@SuppressWarnings("ArrayRecordComponent") // lives within one look, never compared
record Increments(double[] fail, List<double[]> pass) {}
