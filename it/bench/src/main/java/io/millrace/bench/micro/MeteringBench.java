package io.millrace.bench.micro;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

    private final List<MeteringEntry> entries = new ArrayList<>();

    @Setup
    public void prepare() {
        for (int i = 0; i < ENTRIES; i++) {
            entries.add(
                    new MeteringEntry(
                            "5f0c1a52-0d3e-4a3e-9d0f-2a5b1c7e9f0" + i % 10,
                            "thumbnail",
                            "1",
                            1_000_000L + i,
                            1_000_000L + i,
                            1,
                            1,
                            Instant.ofEpochMilli(1_700_000_000_000L + i),
                            1_234_567L,
                            2L,
                            128,
                            0L,
                            AttemptOutcome.SUCCEEDED));
        }
    }

    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public byte[] packed() throws IOException {
        return bytes(new PackedMetering("bench", "events", 0, "node", entries));
    }

    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public byte[] bySchema() throws IOException {
        return bytes(new MeteringRecord("bench", "events", 0, "node", entries));
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
