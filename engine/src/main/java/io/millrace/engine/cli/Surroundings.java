package io.millrace.engine.cli;

import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.manifest.PackageCheck;
import io.millrace.engine.time.TimeSource;

import java.io.InputStream;
import java.util.Map;
import java.util.function.Function;

/**
 * What the commands take from outside, so that tests can give it.
 *
 * @param environment of the process
 * @param engine starts an engine node
 */
record Surroundings(
        Map<String, String> environment,
        InputStream in,
        TimeSource time,
        PackageCheck packages,
        Function<EngineConfig, AutoCloseable> engine) {
    Surroundings {
        environment = Map.copyOf(environment);
    }
}
