package io.millrace.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.MeteringLine;
import io.millrace.engine.model.RequestId;
import io.millrace.schemas.AttemptOutcome;
import io.millrace.schemas.MeteringEntry;
import io.millrace.schemas.MeteringRecord;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Avro's own writer says what the bytes have to be. */
final class PackedMeteringTest {
    @Test
    void shouldWriteARecordWithoutEntriesAsAvroDoes() {
        assertSameBytes(List.of());
    }

    @Test
    void shouldWriteEveryOutcomeAndExtremeNumbersAsAvroDoes() {
        var entries = new ArrayList<MeteringEntry>();
        long[] numbers = {0, -1, 63, 64, 8_191, 8_192, Long.MAX_VALUE, Long.MIN_VALUE};
        for (AttemptOutcome outcome : AttemptOutcome.values()) {
            for (long number : numbers) {
                entries.add(entry("one", "größer-\uD83D\uDE00", number, outcome));
                entries.add(entry("other", "$LATEST", number, outcome));
            }
        }
        assertSameBytes(entries);
    }

    @Test
    void shouldWriteMoreThanItExpectedAsAvroDoes() {
        assertSameBytes(
                Collections.nCopies(
                        500, entry("f".repeat(64), "9".repeat(300), 1, AttemptOutcome.FAILED)));
    }

    private static void assertSameBytes(List<MeteringEntry> entries) {
        var plain = new MeteringRecord("trigger", "topic", 3, "node", entries);
        var packed = new PackedMetering("trigger", "topic", 3, "node");
        entries.forEach(entry -> packed.add(line(entry)));
        byte[] first = MeteringBytes.of(packed);
        assertThat(first).isEqualTo(MeteringBytes.of(plain));
        assertThat(MeteringBytes.of(packed)).as("written again").isEqualTo(first);
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
                1 + (int) (number & 0x3fff),
                0L,
                outcome);
    }

    private static MeteringLine line(MeteringEntry entry) {
        return new MeteringLine(
                new RequestId(entry.getRequestId()),
                new FunctionSpec(
                        new FunctionName(entry.getFunction()),
                        entry.getVersion(),
                        "example.Handler",
                        "00",
                        Duration.ofSeconds(1),
                        entry.getMemoryMb(),
                        Map.of()),
                entry.getFirstOffset(),
                entry.getLastOffset(),
                entry.getEvents(),
                entry.getAttempt(),
                entry.getStartedAt(),
                Duration.ofNanos(entry.getDurationNanos()),
                entry.getBilledMillis(),
                entry.getOutcome().name());
    }
}
