package io.millrace.engine.execute;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * The only maker of threads for invocations: virtual ones for handlers, one platform thread that
 * keeps their deadlines.
 */
public final class InvocationThreads {
    private InvocationThreads() {}

    /** One virtual thread per task; how many run is bounded by permits, not here. */
    public static Executor forTrigger(String trigger) {
        var factory = Thread.ofVirtual().name("invoke-" + trigger + "-", 0).factory();
        return task -> factory.newThread(task).start();
    }

    /** A platform thread: handlers that never yield must not be able to hold up the deadlines. */
    public static ScheduledThreadPoolExecutor forDeadlines() {
        var executor =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name("deadlines").daemon().factory());
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }
}
