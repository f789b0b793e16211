package io.millrace.bench.run;

import java.util.Map;
import java.util.TreeMap;

/** Processor time that a process had used at moments of a cell. Threading: one thread. */
final class CpuTrack {
    private final TreeMap<Long, Double> micros = new TreeMap<>();

    void sample(long wallMillis, java.time.Duration used) {
        micros.put(wallMillis, used.toNanos() / 1000.0);
    }

    /** Microseconds used between two moments, straight lines drawn between the samples. */
    double between(long from, long to) {
        return at(to) - at(from);
    }

    private double at(long moment) {
        Map.Entry<Long, Double> before = micros.floorEntry(moment);
        Map.Entry<Long, Double> after = micros.ceilingEntry(moment);
        if (before == null || after == null) {
            Map.Entry<Long, Double> only = before == null ? after : before;
            return only == null ? 0 : only.getValue();
        }
        if (before.getKey().equals(after.getKey())) {
            return before.getValue();
        }
        double part = (double) (moment - before.getKey()) / (after.getKey() - before.getKey());
        return before.getValue() + part * (after.getValue() - before.getValue());
    }
}
