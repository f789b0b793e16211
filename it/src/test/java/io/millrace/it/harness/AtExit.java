package io.millrace.it.harness;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What is still open when this JVM is told to end: closed then, the newest first, so that an
 * aborted run leaves no process and no file either. Threading: any thread.
 */
final class AtExit {
    private static final Deque<Runnable> OPEN = new ArrayDeque<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(AtExit::closeAll, "at-exit"));
    }

    private AtExit() {}

    static void add(Runnable close) {
        synchronized (OPEN) {
            OPEN.push(close);
        }
    }

    /** It was closed by its owner. */
    static void remove(Runnable close) {
        synchronized (OPEN) {
            OPEN.remove(close);
        }
    }

    private static void closeAll() {
        while (true) {
            Runnable next;
            synchronized (OPEN) {
                next = OPEN.poll();
            }
            if (next == null) {
                return;
            }
            next.run();
        }
    }
}
