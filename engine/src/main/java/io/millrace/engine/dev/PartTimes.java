package io.millrace.engine.dev;

import io.millrace.engine.time.TimeSource;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** How long each part took to start. Threading: any thread. */
final class PartTimes {
    private final Map<String, Duration> durations = new ConcurrentHashMap<>();
    private final TimeSource time;
    private final long from;

    PartTimes(TimeSource time) {
        this.time = time;
        this.from = time.nanos();
    }

    /** Since the first part began. */
    Duration elapsed() {
        return Duration.ofNanos(time.nanos() - from);
    }

    <T> T measure(String part, Supplier<T> start) {
        long from = time.nanos();
        T started = start.get();
        durations.put(part, Duration.ofNanos(time.nanos() - from));
        return started;
    }

    Map<String, Duration> durations() {
        return Map.copyOf(new TreeMap<>(durations));
    }
}
