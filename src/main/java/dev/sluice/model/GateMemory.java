package dev.sluice.model;

/**
 * What a gate keeps from look to look, durable with the release.
 *
 * @param state the gate kind's own JSON text: its e-processes, cursors, frozen history; empty
 *     before the first look
 * @param report what it said at its last look
 */
public record GateMemory(String state, GateReport report) {}
