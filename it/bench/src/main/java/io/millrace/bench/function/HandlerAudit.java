package io.millrace.bench.function;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the handlers of a JVM have seen in the present cell, where there is no result to judge or
 * where starts matter. It is the same one for all class loaders of the JVM. Threading: any thread.
 */
public final class HandlerAudit {
    private static final String PLACE = "millrace.bench.audit";
    private static final int RUNNING = 0;
    private static final int PEAK = 1;
    private static final int PEAK_NANOS = 2;
    private static final int FIRST_NANOS = 3;
    private static final int REPEATED = 4;
    private static final int OUT_OF_ORDER = 5;
    private static final int COUNTERS = 6;

    private final AtomicIntegerArray seen;
    private final AtomicIntegerArray sequences;
    private final AtomicLongArray counters;

    private HandlerAudit(
            AtomicIntegerArray seen, AtomicIntegerArray sequences, AtomicLongArray counters) {
        this.seen = seen;
        this.sequences = sequences;
        this.counters = counters;
    }

    /** A new one for the cell that begins. */
    public static void begin(int events, int keys) {
        var sequences = new AtomicIntegerArray(keys);
        for (int key = 0; key < keys; key++) {
            sequences.set(key, -1);
        }
        Object[] parts = {
            new AtomicIntegerArray(events / Integer.SIZE + 1),
            sequences,
            new AtomicLongArray(COUNTERS)
        };
        System.getProperties().put(PLACE, parts);
    }

    /** That of the present cell; IllegalStateException where none has begun. */
    public static HandlerAudit present() {
        if (System.getProperties().get(PLACE) instanceof Object[] parts
                && parts[0] instanceof AtomicIntegerArray seen
                && parts[1] instanceof AtomicIntegerArray sequences
                && parts[2] instanceof AtomicLongArray counters) {
            return new HandlerAudit(seen, sequences, counters);
        }
        throw new IllegalStateException("no audit has begun");
    }

    /** A handler starts; gives the nanoseconds since the first one did. */
    long started(int ordinal, int key, int sequence) {
        long now = System.nanoTime();
        long running = counters.incrementAndGet(RUNNING);
        if (running > counters.get(PEAK)) {
            raisePeak(running, now);
        }
        long first = counters.get(FIRST_NANOS);
        if (first == 0) {
            boolean _ = counters.compareAndSet(FIRST_NANOS, 0, now);
        }
        if (ordinal / Integer.SIZE < seen.length() && key < sequences.length()) {
            see(ordinal);
            if (sequences.getAndSet(key, sequence) > sequence) {
                long _ = counters.incrementAndGet(OUT_OF_ORDER);
            }
        }
        return now - counters.get(FIRST_NANOS);
    }

    private synchronized void raisePeak(long running, long now) {
        if (running > counters.get(PEAK)) {
            counters.set(PEAK, running);
            counters.set(PEAK_NANOS, now);
        }
    }

    private void see(int ordinal) {
        int word = ordinal / Integer.SIZE;
        int bit = 1 << (ordinal % Integer.SIZE);
        int before = seen.get(word);
        while ((before & bit) == 0) {
            if (seen.compareAndSet(word, before, before | bit)) {
                return;
            }
            before = seen.get(word);
        }
        long _ = counters.incrementAndGet(REPEATED);
    }

    void ended() {
        long _ = counters.decrementAndGet(RUNNING);
    }

    /** Writes it for whoever judges, see {@code AuditFile}. */
    public void write(Path file) throws IOException {
        try (var out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeLong(counters.get(PEAK));
            out.writeLong(counters.get(PEAK_NANOS));
            out.writeLong(counters.get(REPEATED));
            out.writeLong(counters.get(OUT_OF_ORDER));
            out.writeInt(seen.length());
            byte[] words = new byte[seen.length() * Integer.BYTES];
            var buffer = java.nio.ByteBuffer.wrap(words);
            for (int word = 0; word < seen.length(); word++) {
                buffer.putInt(seen.get(word));
            }
            out.write(words);
        }
    }
}
