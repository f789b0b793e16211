package io.millrace.bench.micro;

import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.model.TriggerId;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/** What the identity of an invocation costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class IdentityBench {
    private final RequestId.Stem ids =
            new RequestId.Stem(new TriggerId("orders"), new PartitionId("orders-topic", 3));
    private long offset;

    /** The identity and its text, as every result's header carries it. */
    @Benchmark
    public String requestId() {
        offset++;
        return ids.of(offset, offset).value();
    }
}
