package io.millrace.bench.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.AttemptOutcome;
import io.millrace.schemas.MeteringEntry;
import io.millrace.schemas.MeteringRecord;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

final class MeteringAuditTest {
    @Test
    void shouldFindAResultThatWasNotMetered() {
        assertThat(MeteringAudit.judge(List.of(record(0, entry(1), entry(2))), 3))
                .containsExactly("2 events metered, but 3 results");
    }

    @Test
    void shouldFindAnEventThatWasMeteredTwice() {
        assertThat(MeteringAudit.judge(List.of(record(0, entry(1)), record(0, entry(1))), 1))
                .containsExactly("2 events metered, but 1 results", "1 metered twice");
    }

    @Test
    void shouldNotCountAttemptsThatFailed() {
        MeteringEntry failed = entry(1);
        failed.setOutcome(AttemptOutcome.FAILED);

        assertThat(MeteringAudit.judge(List.of(record(0, failed, entry(1))), 1)).isEmpty();
    }

    @Test
    void shouldKeepPartitionsApart() {
        assertThat(MeteringAudit.judge(List.of(record(0, entry(1)), record(1, entry(1))), 2))
                .isEmpty();
    }

    private static MeteringRecord record(int partition, MeteringEntry... entries) {
        return new MeteringRecord("bench", "in", partition, "node", List.of(entries));
    }

    private static MeteringEntry entry(long offset) {
        return new MeteringEntry(
                "request",
                "bench",
                "1",
                offset,
                offset,
                1,
                1,
                Instant.EPOCH,
                1L,
                1L,
                128,
                0L,
                AttemptOutcome.SUCCEEDED);
    }
}
