package io.millrace.bench.micro;

import io.millrace.engine.lane.Cut;
import io.millrace.engine.lane.Lane;
import io.millrace.engine.lane.LaneTable;
import io.millrace.engine.lane.Work;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.LanePolicy;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Events into their lanes and out again, by one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LaneBench {
    private static final int EVENTS = 1_024;
    private static final Cut CUT = new Cut(6 * 1024 * 1024, 0, Cut.Earlier.NOTHING);

    private final List<RawEvent> events = new ArrayList<>();
    private LaneTable lanes = new LaneTable(LanePolicy.byKey(64), 100);

    @Setup
    public void prepare() {
        for (int i = 0; i < EVENTS; i++) {
            byte[] key = ("key-" + i % 100).getBytes(StandardCharsets.UTF_8);
            events.add(
                    new RawEvent(
                            new EventPosition(new PartitionId("events", 0), i),
                            Payload.of(key),
                            Payload.of(new byte[100]),
                            List.of(),
                            0));
        }
        lanes = new LaneTable(LanePolicy.byKey(64), 100);
    }

    /** Each event waits for the one before. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void offerAndTake(Blackhole hole) {
        List<Lane> ready = new ArrayList<>();
        for (RawEvent event : events) {
            Lane lane = lanes.offer(event, 1, CUT, 0);
            if (lane != null) {
                ready.add(lane);
            }
        }
        for (Lane lane : ready) {
            drain(lane, hole);
        }
    }

    private void drain(Lane lane, Blackhole hole) {
        @Nullable Work work = lane.take(1, CUT, Long.MAX_VALUE, 0);
        while (work != null) {
            hole.consume(work);
            work = lane.takeNext(() -> {}, 1, CUT, Long.MAX_VALUE, 0);
        }
        lanes.dropIfIdle(lane);
    }
}
