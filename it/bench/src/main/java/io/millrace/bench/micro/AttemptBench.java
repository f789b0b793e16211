package io.millrace.bench.micro;

import io.millrace.engine.execute.Dispatcher;
import io.millrace.engine.execute.InvocationThreads;
import io.millrace.engine.execute.RateLimit;
import io.millrace.engine.execute.RunningAttempts;
import io.millrace.engine.time.SystemTimeSource;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** What surrounds a handler: its deadline, and the way to a thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AttemptBench {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int WORKS = 1_000;

    private final ScheduledThreadPoolExecutor deadlines = InvocationThreads.forDeadlines();
    private RunningAttempts attempts = new RunningAttempts(new SystemTimeSource(), deadlines);
    private final Dispatcher dispatcher =
            new Dispatcher(
                    100,
                    RateLimit.none(new SystemTimeSource()),
                    InvocationThreads.forTrigger("bench"));

    @Setup(Level.Trial)
    public void start() {
        attempts = new RunningAttempts(new SystemTimeSource(), deadlines);
    }

    @TearDown(Level.Trial)
    public void stop() {
        attempts.close();
        var _ = deadlines.shutdownNow();
    }

    /** Begin and end of an attempt. */
    @Benchmark
    public boolean attempt(Blackhole expired) {
        return attempts.start(TIMEOUT, () -> expired.consume(1)).end();
    }

    /** One turn of a lane, from the stream thread to a worker. */
    @Benchmark
    @OperationsPerInvocation(WORKS)
    public void dispatch() throws InterruptedException {
        var done = new CountDownLatch(WORKS);
        for (int i = 0; i < WORKS; i++) {
            dispatcher.submit(done::countDown);
        }
        done.await();
    }
}
