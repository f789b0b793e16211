package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.objectstore.ObjectChange.Kind;

import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

final class ObjectStoreEventMapperTest {
    private static final Instant TIME = Instant.parse("2026-01-31T10:20:30.400Z");
    private static final StoredObject OBJECT = new StoredObject("in/ä b.jpg", "tag", 7, TIME);

    private final Map<String, String> properties =
            new HashMap<>(
                    Map.of(
                            "objectstore.endpoint", "http://localhost:9000/",
                            "objectstore.bucket", "photos",
                            "topic", "objects"));

    @Test
    void shouldWriteCloudEventsHeadersAsPlainText() {
        SourceRecord record = record(Kind.CREATED, OBJECT);

        Map<String, String> headers = headers(record);
        assertThat(headers.remove("ce_id")).matches("[0-9a-f]{32}");
        assertThat(headers)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "ce_specversion", "1.0",
                                "ce_source", "http://localhost:9000/photos",
                                "ce_type", "io.millrace.object.created",
                                "ce_subject", "in/ä b.jpg",
                                "ce_time", "2026-01-31T10:20:30.400Z"));
    }

    @Test
    void shouldTellTheContentTypeThatTheConnectorsConverterWrites() {
        properties.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
        String json = headers(record(Kind.CREATED, OBJECT)).get("content-type");
        properties.put("value.converter", "io.millrace.connectors.avro.AvroConverter");
        String avro = headers(record(Kind.CREATED, OBJECT)).get("content-type");

        assertThat(json).isEqualTo("application/json");
        assertThat(avro).isEqualTo("application/avro");
    }

    @Test
    void shouldGiveTheSameStateTheSameIdAndAnotherStateAnother() {
        String id = id(OBJECT);

        assertThat(id(OBJECT)).isEqualTo(id);
        assertThat(id(new StoredObject("in/ä b.jpg", "tag2", 7, TIME))).isNotEqualTo(id);
        assertThat(id(new StoredObject("in/ä b.jp", "gtag", 7, TIME))).isNotEqualTo(id);
        assertThat(id(new StoredObject("in/ä b.jpg", "tag", 7, TIME.plusMillis(1))))
                .isNotEqualTo(id);
    }

    @Test
    void shouldPercentEncodeControlCharactersOfTheSubjectOnly() {
        SourceRecord record = record(Kind.CREATED, new StoredObject("a\nb", "", 1, TIME));

        assertThat(headers(record)).containsEntry("ce_subject", "a%0Ab");
        assertThat(record.key()).isEqualTo("photos/a\nb");
        assertThat(((Struct) record.value()).getString("key")).isEqualTo("a\nb");
    }

    @Test
    void shouldFillTheValueAndLeaveTheTimestampToTheProducer() {
        SourceRecord record = record(Kind.OVERWRITTEN, OBJECT);

        Struct value = (Struct) record.value();
        value.validate();
        assertThat(value.getString("kind")).isEqualTo("OVERWRITTEN");
        assertThat(value.getString("eTag")).isEqualTo("tag");
        assertThat(value.getInt64("size")).isEqualTo(7);
        assertThat(value.getString("versionId")).isNull();
        assertThat(value.getString("region")).isEqualTo("us-east-1");
        assertThat(headers(record)).containsEntry("ce_type", "io.millrace.object.overwritten");
        assertThat(record.topic()).isEqualTo("objects");
        assertThat(record.timestamp()).isNull();
        assertThat(record.kafkaPartition()).isNull();
    }

    @Test
    void shouldTellOfADeletedObjectWithoutStateAndTime() {
        SourceRecord record =
                record(Kind.DELETED, new StoredObject("in/ä b.jpg", "", 0, Instant.EPOCH));

        Struct value = (Struct) record.value();
        value.validate();
        assertThat(value.getString("kind")).isEqualTo("DELETED");
        assertThat(value.getString("eTag")).isNull();
        assertThat(value.get("lastModified")).isNull();
        assertThat(record.key()).isEqualTo("photos/in/ä b.jpg");
        assertThat(headers(record))
                .containsEntry("ce_type", "io.millrace.object.deleted")
                .doesNotContainKey("ce_time");
        assertThat(headers(record).get("ce_id")).matches("[0-9a-f]{32}").isNotEqualTo(id(OBJECT));
    }

    @Test
    void shouldNameTheBucketOfAwsByItsArn() {
        properties.remove("objectstore.endpoint");

        SourceRecord record = record(Kind.CREATED, OBJECT);

        assertThat(headers(record)).containsEntry("ce_source", "arn:aws:s3:::photos");
        assertThat(((Struct) record.value()).getString("endpoint")).isNull();
    }

    private String id(StoredObject object) {
        return String.valueOf(headers(record(Kind.CREATED, object)).get("ce_id"));
    }

    private SourceRecord record(Kind kind, StoredObject object) {
        return new ObjectStoreEventMapper(ObjectStoreSourceConfig.of(properties))
                .record(
                        new ObjectChange(
                                kind,
                                object,
                                7,
                                ChunkContent.partition("photos", "", 0),
                                Map.of()));
    }

    /** The headers as Connect's default converter writes them. */
    private static Map<String, String> headers(SourceRecord record) {
        Map<String, String> headers = new TreeMap<>();
        SimpleHeaderConverter converter = new SimpleHeaderConverter();
        for (Header header : record.headers()) {
            byte[] written =
                    converter.fromConnectHeader(
                            "objects", header.key(), header.schema(), header.value());
            headers.put(header.key(), new String(written, StandardCharsets.UTF_8));
        }
        return headers;
    }
}
