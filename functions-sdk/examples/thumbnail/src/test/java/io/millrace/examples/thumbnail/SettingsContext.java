package io.millrace.examples.thumbnail;

import io.millrace.functions.Context;
import io.millrace.functions.Source;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An invocation with settings, and without a place in Kafka. */
record SettingsContext(Map<String, String> environment) implements Context {
    @Override
    public String requestId() {
        return "request-1";
    }

    @Override
    public String functionName() {
        return "thumbnail";
    }

    @Override
    public String functionVersion() {
        return "1";
    }

    @Override
    public String trigger() {
        return "uploads";
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public Duration remainingTime() {
        return Duration.ofSeconds(3);
    }

    @Override
    public int memoryMb() {
        return 128;
    }

    @Override
    public System.Logger logger() {
        return System.getLogger("thumbnail");
    }

    @Override
    public List<Source> sources() {
        return List.of();
    }
}
