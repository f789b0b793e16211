package io.millrace.engine.dev;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The parts that run, to be stopped users first, whatever order they started in. Threading: any
 * thread.
 */
final class StartedParts implements AutoCloseable {
    static final String ENGINE = "engine";
    static final String CONNECT = "connect";
    static final String REGISTRY = "schema-registry";
    static final String OBJECT_STORE = "object-store";
    static final String BROKER = "broker";
    static final String LOCK = "lock";

    private static final Logger LOG = LoggerFactory.getLogger(StartedParts.class);
    private static final List<String> STOP_ORDER =
            List.of(ENGINE, CONNECT, REGISTRY, OBJECT_STORE, BROKER, LOCK);

    private final Map<String, AutoCloseable> parts = new ConcurrentHashMap<>();

    void started(String name, AutoCloseable part) {
        parts.put(name, part);
    }

    /** Stops all of them, each once. */
    @Override
    public void close() {
        for (String name : STOP_ORDER) {
            AutoCloseable part = parts.remove(name);
            if (part != null) {
                BoundedStop.run(name, () -> close(name, part));
            }
        }
    }

    private static void close(String name, AutoCloseable part) {
        try {
            part.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("{} did not stop cleanly", name, e);
        }
    }
}
