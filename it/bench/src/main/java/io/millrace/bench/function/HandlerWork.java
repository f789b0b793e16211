package io.millrace.bench.function;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/**
 * What a handler does with an event before it gives back its value.
 *
 * <p>Written as text, so that it can be handed to another process: {@code noop}; {@code wait:MS};
 * {@code straggle:MS:SLOW_MS:ONE_IN}, where one event in so many, by its ordinal, takes longer;
 * {@code poison:ONE_IN:FAIL_MS}, where one key in so many fails so long from the first event on.
 * {@code audited:EVENTS:KEYS:} before any of them, and poison always, keeps a {@link HandlerAudit}.
 * Threading: any thread.
 */
public final class HandlerWork {
    /** Nothing at all. */
    public static final HandlerWork NOOP = new HandlerWork("noop", new int[5], "");

    private static final String AUDITED = "audited:";

    private final String text;
    private final String audit;
    private final int waitMillis;
    private final int slowMillis;
    private final int oneIn;
    private final int oneKeyIn;
    private final int failMillis;

    private HandlerWork(String text, int[] numbers, String audit) {
        this.text = text;
        this.audit = audit;
        this.waitMillis = numbers[0];
        this.slowMillis = numbers[1];
        this.oneIn = numbers[2];
        this.oneKeyIn = numbers[3];
        this.failMillis = numbers[4];
    }

    /** Every event waits. */
    public static HandlerWork waiting(int millis) {
        return parse("wait:" + millis);
    }

    /** One event in so many takes longer. */
    public static HandlerWork straggling(int millis, int slowMillis, int oneIn) {
        return parse("straggle:" + millis + ":" + slowMillis + ":" + oneIn);
    }

    /** One key in so many fails at first. */
    public static HandlerWork poison(int oneKeyIn, int failMillis) {
        return parse("poison:" + oneKeyIn + ":" + failMillis);
    }

    /** The same, with an audit of so many events and keys. */
    public HandlerWork audited(long events, int keys) {
        return parse(AUDITED + events + ":" + keys + ":" + text);
    }

    /** Reads the text; IllegalArgumentException for any other. */
    public static HandlerWork parse(String text) {
        if (text.startsWith(AUDITED)) {
            String[] parts = text.split(":", 4);
            if (parts.length < 4) {
                throw new IllegalArgumentException("'" + text + "' is no handler's work");
            }
            HandlerWork work = parse(parts[3]);
            int[] numbers = {
                work.waitMillis, work.slowMillis, work.oneIn, work.oneKeyIn, work.failMillis
            };
            String audit =
                    AUDITED + Integer.parseInt(parts[1]) + ":" + Integer.parseInt(parts[2]) + ":";
            return new HandlerWork(work.text, numbers, audit);
        }
        String[] parts = text.split(":", -1);
        int[] numbers = new int[5];
        if (parts[0].equals("noop") && parts.length == 1) {
            return NOOP;
        }
        if (parts[0].equals("wait") && parts.length == 2) {
            numbers[0] = Integer.parseInt(parts[1]);
        } else if (parts[0].equals("straggle") && parts.length == 4) {
            numbers[0] = Integer.parseInt(parts[1]);
            numbers[1] = Integer.parseInt(parts[2]);
            numbers[2] = Integer.parseInt(parts[3]);
        } else if (parts[0].equals("poison") && parts.length == 3) {
            numbers[3] = Integer.parseInt(parts[1]);
            numbers[4] = Integer.parseInt(parts[2]);
        } else {
            throw new IllegalArgumentException("'" + text + "' is no handler's work");
        }
        return new HandlerWork(text, numbers, "");
    }

    /** The text that {@link #parse} reads. */
    public String text() {
        return audit + text;
    }

    /** Starts the audit of a cell, where one is kept. */
    public void begin() {
        if (isAudited()) {
            String[] parts = audit.split(":", -1);
            HandlerAudit.begin(Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        }
    }

    public boolean isAudited() {
        return !audit.isEmpty();
    }

    /** Whether a handler ever waits, so that a thread per event is of use. */
    public boolean waits() {
        return waitMillis > 0 || slowMillis > 0;
    }

    /** Whether some events take longer. */
    public boolean straggles() {
        return oneIn > 0;
    }

    /** Whether this event is one of the slow ones. */
    public boolean isSlow(long ordinal) {
        return oneIn > 0 && ordinal % oneIn == oneIn - 1;
    }

    /** Whether the events of this key fail at first. */
    public boolean isPoisoned(int key) {
        return oneKeyIn > 0 && key % oneKeyIn == oneKeyIn - 1;
    }

    /** How long poisoned keys fail. */
    public int failMillis() {
        return failMillis;
    }

    /** Does it; IllegalStateException where it fails on purpose or was interrupted. */
    public void run(byte[] value) {
        if (!isAudited()) {
            work(value);
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(value);
        int key = bytes.getInt(8);
        HandlerAudit present = HandlerAudit.present();
        long since = present.started((int) bytes.getLong(0), key, bytes.getInt(12));
        try {
            if (isPoisoned(key) && since < failMillis * 1_000_000L) {
                throw new IllegalStateException("poisoned for now");
            }
            work(value);
        } finally {
            present.ended();
        }
    }

    private void work(byte[] value) {
        int millis = waitMillis;
        if (oneIn > 0 && isSlow(ByteBuffer.wrap(value).getLong())) {
            millis = slowMillis;
        }
        if (millis > 0) {
            await(millis * 1_000_000L);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HandlerWork that && text().equals(that.text());
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    @Override
    public String toString() {
        return text();
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
