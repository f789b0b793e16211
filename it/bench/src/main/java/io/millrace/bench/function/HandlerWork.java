package io.millrace.bench.function;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/**
 * What a handler does with an event before it gives back its value.
 *
 * <p>Written as text, so that it can be handed to another process: {@code noop}; {@code wait:MS};
 * {@code straggle:MS:SLOW_MS:ONE_IN}, where one event in so many, by its ordinal, takes longer.
 * Threading: any thread.
 */
public record HandlerWork(int waitMillis, int slowMillis, int oneIn) {
    /** Nothing at all. */
    public static final HandlerWork NOOP = new HandlerWork(0, 0, 0);

    /** Every event waits. */
    public static HandlerWork waiting(int millis) {
        return new HandlerWork(millis, 0, 0);
    }

    /** Reads the text; IllegalArgumentException for any other. */
    public static HandlerWork parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts[0].equals("noop")) {
            return NOOP;
        }
        if (parts[0].equals("wait") && parts.length == 2) {
            return waiting(Integer.parseInt(parts[1]));
        }
        if (parts[0].equals("straggle") && parts.length == 4) {
            return new HandlerWork(
                    Integer.parseInt(parts[1]),
                    Integer.parseInt(parts[2]),
                    Integer.parseInt(parts[3]));
        }
        throw new IllegalArgumentException("'" + text + "' is no handler's work");
    }

    /** The text that {@link #parse} reads. */
    public String text() {
        if (equals(NOOP)) {
            return "noop";
        }
        return oneIn == 0
                ? "wait:" + waitMillis
                : "straggle:" + waitMillis + ":" + slowMillis + ":" + oneIn;
    }

    /** Whether a handler ever waits, so that a thread per event is of use. */
    public boolean waits() {
        return waitMillis > 0 || slowMillis > 0;
    }

    /** Whether this event is one of the slow ones. */
    public boolean isSlow(long ordinal) {
        return oneIn > 0 && ordinal % oneIn == oneIn - 1;
    }

    /** Does it; an interrupt ends the wait with an IllegalStateException. */
    public void run(byte[] value) {
        int millis = waitMillis;
        if (oneIn > 0 && isSlow(ByteBuffer.wrap(value).getLong())) {
            millis = slowMillis;
        }
        if (millis > 0) {
            await(millis * 1_000_000L);
        }
    }

    private static void await(long nanos) {
        long end = System.nanoTime() + nanos;
        long left = nanos;
        while (left > 0) {
            LockSupport.parkNanos(left);
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted");
            }
            left = end - System.nanoTime();
        }
    }
}
