package io.millrace.bench.micro;

import io.millrace.engine.offsets.FinishedSet;
import io.millrace.engine.offsets.OffsetTracker;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Admitting and finishing offsets, and the set that is committed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TrackerBench {
    private static final int WINDOW = 8_192;

    /** Whether handlers end in the order in which they began. */
    @Param({"true", "false"})
    public boolean inOrder;

    private final int[] order = new int[WINDOW];
    private OffsetTracker tracker = new OffsetTracker(FinishedSet.empty(0));
    private OffsetTracker halfDone = new OffsetTracker(FinishedSet.empty(0));
    private long next;

    @Setup
    public void shuffle() {
        var random = new SplittableRandom(42);
        for (int i = 0; i < WINDOW; i++) {
            order[i] = i;
        }
        for (int i = WINDOW - 1; i > 0 && !inOrder; i--) {
            int other = random.nextInt(i + 1);
            int moved = order[i];
            order[i] = order[other];
            order[other] = moved;
        }
        tracker = new OffsetTracker(FinishedSet.empty(0));
        next = 0;
        halfDone = new OffsetTracker(FinishedSet.empty(0));
        for (int i = 0; i < WINDOW; i++) {
            halfDone.admit(i);
        }
        for (int i = 0; i < WINDOW / 2; i++) {
            halfDone.finish(order[i]);
        }
    }

    /** One event in and out. */
    @Benchmark
    @OperationsPerInvocation(WINDOW)
    public long admitAndFinish() {
        long first = next;
        for (int i = 0; i < WINDOW; i++) {
            tracker.admit(next++);
        }
        for (int offset : order) {
            tracker.finish(first + offset);
        }
        return tracker.mark();
    }

    /** The set of a commit, with half of {@value #WINDOW} events finished. */
    @Benchmark
    public FinishedSet toCommit() {
        return halfDone.toCommit(WINDOW);
    }
}
