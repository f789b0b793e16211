package io.millrace.bench.plan;

import io.millrace.bench.arm.ArmKind;

import java.util.Map;

/**
 * An arm with its settings in one workload.
 *
 * @param name as in the table, unique within the workload
 */
public record Contender(String name, ArmKind arm, Map<String, String> settings) {
    public Contender {
        settings = Map.copyOf(settings);
    }

    public static Contender of(String name, ArmKind arm, String... namesAndValues) {
        Map<String, String> settings = new java.util.TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Contender(name, arm, settings);
    }
}
