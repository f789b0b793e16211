package io.millrace.it.prove;

/**
 * One thing that was measured.
 *
 * @param unit for example s, ms, MB; empty for a plain number
 */
public record Figure(String name, double value, String unit) {}
