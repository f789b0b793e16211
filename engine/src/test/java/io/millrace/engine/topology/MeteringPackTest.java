package io.millrace.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.MeteringLine;
import io.millrace.engine.model.RequestId;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;
import io.millrace.schemas.AttemptOutcome;
import io.millrace.schemas.MeteringEntry;
import io.millrace.schemas.MeteringRecord;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

final class MeteringPackTest {
    private static final Instant STARTED = Instant.parse("2026-03-01T12:00:00.123Z");

    private final List<MeteringRecord> written = new ArrayList<>();
    private final MeteringPack pack =
            new MeteringPack(
                    new MeteringPack.Destination(
                            "metering", "node-a", (_, record) -> write(record)),
                    Samples.trigger(1, 1, RetryPolicy.DEFAULT),
                    Samples.PARTITION);

    @Test
    void shouldWriteNothingWhenNothingWasGathered() {
        assertThat(pack.drain()).isEmpty();
    }

    @Test
    void shouldPackTheLinesOfACommitIntoOneRecord() {
        pack.add(line(Samples.FUNCTION, 1, "FAILED"));
        pack.add(line(Samples.FUNCTION, 2, "SUCCEEDED"));
        pack.add(line(Samples.FUNCTION, 1, "TIMED_OUT"));
        List<ProducerRecord<byte[], byte[]>> records = pack.drain();
        assertThat(records).hasSize(1);
        assertThat(records.getFirst().topic()).isEqualTo("metering");
        assertThat(records.getFirst().partition()).isNull();
        assertThat(new String(records.getFirst().key(), StandardCharsets.UTF_8))
                .isEqualTo("resize");
        MeteringRecord record = written.getFirst();
        assertThat(record.getTrigger()).isEqualTo("orders-resize");
        assertThat(record.getTopic()).isEqualTo("orders");
        assertThat(record.getPartition()).isEqualTo(3);
        assertThat(record.getNode()).isEqualTo("node-a");
        assertThat(record.getEntries())
                .extracting(MeteringEntry::getOutcome)
                .containsExactly(
                        AttemptOutcome.FAILED, AttemptOutcome.SUCCEEDED, AttemptOutcome.TIMED_OUT);
        assertThat(record.getEntries().get(1))
                .isEqualTo(
                        new MeteringEntry(
                                "r-2",
                                "resize",
                                "7",
                                40L,
                                49L,
                                10,
                                2,
                                STARTED,
                                1_200_000L,
                                2L,
                                128,
                                0L,
                                AttemptOutcome.SUCCEEDED));
    }

    @Test
    void shouldGiveEachLineOnce() {
        pack.add(line(Samples.FUNCTION, 1, "SUCCEEDED"));
        assertThat(pack.drain()).hasSize(1);
        assertThat(pack.drain()).isEmpty();
    }

    @Test
    void shouldStayBelowTheSizeOfARecordHoweverMuchThereIs() {
        var longest =
                new FunctionSpec(
                        new FunctionName("f".repeat(64)),
                        "9".repeat(19),
                        "example.Handler",
                        "00",
                        Duration.ofSeconds(1),
                        Integer.MAX_VALUE,
                        Map.of());
        var line =
                new MeteringLine(
                        new RequestId("123e4567-e89b-12d3-a456-426614174000"),
                        longest,
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        Integer.MAX_VALUE,
                        Integer.MAX_VALUE,
                        STARTED,
                        Duration.ofDays(10_000),
                        Long.MAX_VALUE,
                        "ENVIRONMENT_LOST");
        Collections.nCopies(4_001, line).forEach(pack::add);
        List<ProducerRecord<byte[], byte[]>> records = pack.drain();
        assertThat(records).hasSize(3);
        assertThat(records).allMatch(record -> record.value().length < 1_000_000);
        assertThat(written.stream().mapToInt(record -> record.getEntries().size()).sum())
                .isEqualTo(4_001);
    }

    /** The words of the delivery machine. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SUCCEEDED",
                "PARTLY_FAILED",
                "FAILED",
                "TIMED_OUT",
                "ENVIRONMENT_LOST",
                "UNDECODABLE",
                "UNAVAILABLE"
            })
    void shouldKnowEveryWordForTheEndOfAnAttempt(String word) {
        pack.add(line(Samples.FUNCTION, 1, word));
        pack.drain();
        assertThat(written.getFirst().getEntries().getFirst().getOutcome()).hasToString(word);
    }

    private static MeteringLine line(FunctionSpec function, int attempt, String outcome) {
        return new MeteringLine(
                new RequestId("r-" + attempt),
                function,
                40,
                49,
                10,
                attempt,
                STARTED,
                Duration.ofNanos(1_200_000),
                2,
                outcome);
    }

    private byte[] write(MeteringRecord record) {
        byte[] bytes = MeteringBytes.of(record);
        written.add(MeteringBytes.read(bytes));
        return bytes;
    }
}
