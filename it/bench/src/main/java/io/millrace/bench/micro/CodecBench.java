package io.millrace.bench.micro;

import io.millrace.engine.model.PartitionId;
import io.millrace.engine.offsets.FinishedSet;
import io.millrace.engine.offsets.OffsetCodec;
import io.millrace.engine.offsets.OffsetTracker;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The finished set of a commit to text and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBench {
    private static final PartitionId PARTITION = new PartitionId("events", 0);
    private static final int SPAN = 20_000;

    /** How many of 20,000 events are unfinished: few are written as runs, many as a bitmap. */
    @Param({"10", "10000"})
    public int unfinished;

    private FinishedSet set = FinishedSet.empty(0);
    private String text = "";

    @Setup
    public void prepare() {
        var random = new SplittableRandom(1);
        var tracker = new OffsetTracker(FinishedSet.empty(0));
        for (int offset = 0; offset < SPAN; offset++) {
            tracker.admit(offset);
        }
        for (int offset = 1; offset < SPAN; offset++) {
            if (random.nextInt(SPAN) >= unfinished) {
                tracker.finish(offset);
            }
        }
        set = tracker.toCommit(SPAN);
        text = OffsetCodec.encode("", set);
    }

    /** Before a commit. */
    @Benchmark
    public String encode() {
        return OffsetCodec.encode("", set);
    }

    /** After a restart. */
    @Benchmark
    public FinishedSet decode() {
        return OffsetCodec.decode(PARTITION, set.mark(), text);
    }
}
