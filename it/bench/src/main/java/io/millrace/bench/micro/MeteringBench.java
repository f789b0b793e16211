package io.millrace.bench.micro;

import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.MeteringLine;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.topology.PackedMetering;
import io.millrace.schemas.AttemptOutcome;
import io.millrace.schemas.MeteringEntry;
import io.millrace.schemas.MeteringRecord;

import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The metering of a commit to bytes, per entry: its own way, and Avro's by the schema. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MeteringBench {
    private static final int ENTRIES = 1_000;

    private final FunctionSpec function =
            new FunctionSpec(
                    new FunctionName("thumbnail"),
                    "1",
                    "example.Handler",
                    "00",
                    Duration.ofSeconds(1),
                    128,
                    Map.of());
    private final List<MeteringLine> lines = new ArrayList<>();

    @Setup
    public void prepare() {
        for (int i = 0; i < ENTRIES; i++) {
            lines.add(
                    new MeteringLine(
                            new RequestId("5f0c1a52-0d3e-4a3e-9d0f-2a5b1c7e9f0" + i % 10),
                            function,
                            1_000_000L + i,
                            1_000_000L + i,
                            1,
                            1,
                            Instant.ofEpochMilli(1_700_000_000_000L + i),
                            Duration.ofNanos(1_234_567L),
                            2,
                            "SUCCEEDED"));
        }
    }

    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public byte[] packed() throws IOException {
        var packed = new PackedMetering("bench", "events", 0, "node");
        lines.forEach(packed::add);
        return bytes(packed);
    }

    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public byte[] bySchema() throws IOException {
        return bytes(
                new MeteringRecord(
                        "bench",
                        "events",
                        0,
                        "node",
                        lines.stream().map(MeteringBench::entry).toList()));
    }

    private static MeteringEntry entry(MeteringLine line) {
        return new MeteringEntry(
                line.requestId().value(),
                line.function().name().value(),
                line.function().version(),
                line.firstOffset(),
                line.lastOffset(),
                line.events(),
                line.attempt(),
                line.startedAt(),
                line.duration().toNanos(),
                line.billedMillis(),
                line.function().memoryMb(),
                0L,
                AttemptOutcome.valueOf(line.outcome()));
    }

    private static byte[] bytes(MeteringRecord record) throws IOException {
        var out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new SpecificDatumWriter<MeteringRecord>(record.getSchema(), record.getSpecificData())
                .write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}
