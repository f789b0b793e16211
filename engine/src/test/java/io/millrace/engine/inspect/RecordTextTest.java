package io.millrace.engine.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.registry.RegistryConfig;
import io.millrace.schemas.registry.SchemaRegistryClient;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class RecordTextTest {
    // Nothing listens there.
    private final SchemaRegistryClient schemas =
            new SchemaRegistryClient(
                    RegistryConfig.from(
                            Map.of(
                                    "schema.registry.url",
                                    "http://127.0.0.1:1",
                                    "max.retries",
                                    "0")));
    private final List<String> warnings = new ArrayList<>();
    private final RecordText text = new RecordText(new ValueReader(schemas, warnings::add));

    @AfterEach
    void close() {
        schemas.close();
    }

    @Test
    void shouldShowARecordOnOneLine() {
        ConsumerRecord<byte[], byte[]> record = record("k", bytes("two\nlines"));
        record.headers().add("a", bytes("1")).add("b", null);

        assertThat(text.line(record))
                .isEqualTo(
                        "t-2@7 1970-01-01T00:00:00Z key=k headers={a=1, b=null}"
                                + " value=two\\nlines");
    }

    @Test
    void shouldShowJsonAsItIsAndFoldWhatSpansLines() {
        assertThat(text.line(record("k", bytes("{\"a\": 1}")))).endsWith("value={\"a\": 1}");
        assertThat(text.line(record("k", bytes("{\n\"a\": 1}")))).endsWith("value={\"a\":1}");
        assertThat(text.line(record("k", bytes("{not json")))).endsWith("value={not json");
    }

    @Test
    void shouldShowBytesAsBase64() {
        byte[] bytes = {(byte) 0xFF, 0, 1};

        assertThat(text.line(record("k", bytes))).endsWith("value=<3 bytes> /wAB");
        assertThat(text.json(record("k", bytes)))
                .contains("\"valueType\":\"bytes\",\"value\":\"/wAB\"");
    }

    @Test
    void shouldShowATombstone() {
        assertThat(text.line(record("k", null))).endsWith("value=null");
        assertThat(text.json(record("k", null))).contains("\"valueType\":\"null\",\"value\":null");
    }

    @Test
    void shouldTellOnceThatTheRegistryIsAway() {
        byte[] framed = {0, 0, 0, 0, 1, 2};

        String first = text.line(record("k", framed));
        String second = text.line(record("k", framed));

        assertThat(first).isEqualTo(second).contains("<6 bytes>");
        assertThat(warnings).hasSize(1);
    }

    private static ConsumerRecord<byte[], byte[]> record(String key, byte @Nullable [] value) {
        return new ConsumerRecord<>(
                "t",
                2,
                7,
                0,
                org.apache.kafka.common.record.TimestampType.CREATE_TIME,
                -1,
                -1,
                bytes(key),
                value,
                new org.apache.kafka.common.header.internals.RecordHeaders(),
                java.util.Optional.empty());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
