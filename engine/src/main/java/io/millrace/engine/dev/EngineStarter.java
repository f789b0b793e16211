package io.millrace.engine.dev;

import io.millrace.engine.config.EngineConfig;

/** Starts an engine node: what the environment does not know how to do by itself. */
@FunctionalInterface
public interface EngineStarter {
    AutoCloseable start(EngineConfig config);
}
