package io.millrace.examples.hello;

import io.millrace.functions.Context;
import io.millrace.functions.Source;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An invocation without settings and without a place in Kafka. */
record PlainContext() implements Context {
    @Override
    public String requestId() {
        return "request-1";
    }

    @Override
    public String functionName() {
        return "hello";
    }

    @Override
    public String functionVersion() {
        return "1";
    }

    @Override
    public String trigger() {
        return "names";
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
    public Map<String, String> environment() {
        return Map.of();
    }

    @Override
    public System.Logger logger() {
        return System.getLogger("hello");
    }

    @Override
    public List<Source> sources() {
        return List.of();
    }
}
