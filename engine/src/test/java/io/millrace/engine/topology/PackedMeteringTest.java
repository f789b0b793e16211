package io.millrace.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.AttemptOutcome;
import io.millrace.schemas.MeteringEntry;
import io.millrace.schemas.MeteringRecord;

import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Avro's own writer says what the bytes have to be. */
final class PackedMeteringTest {
    @Test
    void shouldWriteARecordWithoutEntriesAsAvroDoes() throws IOException {
        assertSameBytes(List.of());
    }

    @Test
    void shouldWriteEveryOutcomeAndExtremeNumbersAsAvroDoes() throws IOException {
        var entries = new ArrayList<MeteringEntry>();
        long[] numbers = {0, -1, 63, 64, 8_191, 8_192, Long.MAX_VALUE, Long.MIN_VALUE};
        for (AttemptOutcome outcome : AttemptOutcome.values()) {
            for (long number : numbers) {
                entries.add(entry("größer-\uD83D\uDE00", "7", number, outcome));
                entries.add(entry("other", "$LATEST", number, outcome));
            }
        }
        assertSameBytes(entries);
    }

    @Test
    void shouldWriteMoreThanItExpectedAsAvroDoes() throws IOException {
        assertSameBytes(
                Collections.nCopies(
                        500, entry("f".repeat(300), "9".repeat(300), 1, AttemptOutcome.FAILED)));
    }

    private static void assertSameBytes(List<MeteringEntry> entries) throws IOException {
        var plain = new MeteringRecord("trigger", "topic", 3, "node", entries);
        var packed = new PackedMetering("trigger", "topic", 3, "node", entries);
        byte[] first = bytes(packed);
        assertThat(first).isEqualTo(bytes(plain));
        assertThat(bytes(packed)).as("written again").isEqualTo(first);
    }

    private static byte[] bytes(MeteringRecord record) throws IOException {
        var out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new SpecificDatumWriter<MeteringRecord>(record.getSchema(), record.getSpecificData())
                .write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static MeteringEntry entry(
            String function, String version, long number, AttemptOutcome outcome) {
        return new MeteringEntry(
                "a08ad273-86a4-8ffb-9d2f-40b5f8c5d901",
                function,
                version,
                number,
                number,
                (int) number,
                (int) number,
                Instant.ofEpochMilli(number % 1_000_000_000_000L),
                number,
                number,
                (int) number,
                number,
                outcome);
    }
}
