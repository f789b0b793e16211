package io.millrace.engine.dev;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/** Stops a part without waiting for ever: a part that hangs is left behind with a warning. */
final class BoundedStop {
    private static final Logger LOG = LoggerFactory.getLogger(BoundedStop.class);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private BoundedStop() {}

    static void run(String part, Runnable stop) {
        run(part, stop, LIMIT);
    }

    static void run(String part, Runnable stop, Duration limit) {
        Thread thread =
                Thread.ofPlatform()
                        .name("stop " + part)
                        .daemon()
                        .uncaughtExceptionHandler(
                                (ignored, e) -> LOG.warn("{} did not stop cleanly", part, e))
                        .start(stop);
        try {
            if (!thread.join(limit)) {
                LOG.warn("{} did not stop within {} s and is left behind", part, limit.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
