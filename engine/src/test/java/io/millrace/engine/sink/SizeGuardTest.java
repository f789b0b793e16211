package io.millrace.engine.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Header;
import io.millrace.engine.model.OutboundRecord;
import io.millrace.engine.model.Payload;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

final class SizeGuardTest {
    @Test
    void shouldNeverBeBelowWhatTheClientReckonsOrWrites() {
        for (long seed = 0; seed < 3_000; seed++) {
            OutboundRecord record = record(new SplittableRandom(seed));
            org.apache.kafka.common.header.Header[] headers = headers(record);
            int reckoned =
                    AbstractRecords.estimateSizeInBytesUpperBound(
                            RecordBatch.CURRENT_MAGIC_VALUE,
                            CompressionType.NONE,
                            record.key().orNull(),
                            record.value().orNull(),
                            headers);
            int written =
                    MemoryRecords.withRecords(
                                    Compression.NONE,
                                    new SimpleRecord(
                                            record.timestamp(),
                                            record.key().orNull(),
                                            record.value().orNull(),
                                            headers))
                            .sizeInBytes();
            long size = SizeGuard.sizeOf(record);
            assertThat(size)
                    .as("seed %s", seed)
                    .isGreaterThanOrEqualTo(reckoned)
                    .isGreaterThanOrEqualTo(written);
            // A bound that is far off would refuse records that fit.
            assertThat(size - reckoned).as("seed %s", seed).isLessThan(20 + 10L * headers.length);
        }
    }

    @Test
    void shouldLetARecordPassThatFitsExactly() {
        OutboundRecord record = record(new SplittableRandom(1));
        int size = (int) SizeGuard.sizeOf(record);
        assertThat(new SizeGuard(Map.of("t", size), 0).fits(record)).isTrue();
        assertThat(new SizeGuard(Map.of("t", size - 1), Integer.MAX_VALUE).fits(record)).isFalse();
    }

    @Test
    void shouldTakeTheDefaultForATopicItDoesNotKnow() {
        var guard = new SizeGuard(Map.of("t", 10), 1_000);
        assertThat(guard.limit("t")).isEqualTo(10);
        assertThat(guard.limit("other")).isEqualTo(1_000);
    }

    private static OutboundRecord record(SplittableRandom random) {
        var headers = new ArrayList<Header>();
        for (int i = random.nextInt(6); i > 0; i--) {
            String key =
                    List.of("", "k", "schl\u00fcssel", "\u9375\u9375", "\ud83d\udd11")
                            .get(random.nextInt(5));
            headers.add(new Header(key, payload(random, 300)));
        }
        return new OutboundRecord(
                "t",
                payload(random, 500),
                payload(random, 40_000),
                headers,
                random.nextLong(1L << 41));
    }

    private static Payload payload(SplittableRandom random, int longest) {
        if (random.nextInt(5) == 0) {
            return Payload.NULL;
        }
        var bytes = new byte[random.nextInt(5) == 0 ? 0 : random.nextInt(longest)];
        random.nextBytes(bytes);
        return Payload.of(bytes);
    }

    private static org.apache.kafka.common.header.Header[] headers(OutboundRecord record) {
        return record.headers().stream()
                .map(h -> new RecordHeader(h.key(), h.value().orNull()))
                .toArray(org.apache.kafka.common.header.Header[]::new);
    }
}
