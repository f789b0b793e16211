package io.millrace.connectors.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

final class TableChangeTransformTest {
    private static final Map<String, Schema> COLUMNS = columns();
    private static final Map<String, String> LETTERS = Map.of("dead.letter.topic", "letters");

    @Test
    void shouldTellAnInsertedRow() {
        // Given
        Struct envelope = Envelopes.change("c", Envelopes.postgres(), null, row(1, "a", 3));

        // When
        SourceRecord record = apply(Map.of(), Envelopes.record(Envelopes.key(1), envelope));

        // Then
        Struct value = (Struct) record.value();
        value.validate();
        assertThat(record.topic()).isEqualTo("shop.public.orders");
        assertThat(record.key()).isEqualTo("{\"id\":1}");
        assertThat(record.sourceOffset()).isEqualTo(Map.of("lsn", 29_884_992L));
        assertThat(value.schema().name()).isEqualTo("io.millrace.schemas.TableChange");
        assertThat(value.get("operation")).isEqualTo("INSERT");
        assertThat(value.get("database")).isEqualTo("inventory");
        assertThat(value.get("schema")).isEqualTo("public");
        assertThat(value.get("table")).isEqualTo("orders");
        assertThat(value.get("keys")).isEqualTo("{\"id\":1}");
        assertThat(value.get("before")).isNull();
        assertThat(value.get("after")).isEqualTo("{\"id\":1,\"name\":\"a\",\"count\":3}");
        assertThat(value.get("position")).isEqualTo("0000000001C4AAC0/0000000001C80240");
        assertThat(value.get("transactionId")).isEqualTo("793");
        assertThat(value.get("changedAt"))
                .isEqualTo(Date.from(Instant.ofEpochMilli(Envelopes.COMMITTED_AT)));
        assertThat(value.getArray("unknown")).isEmpty();
        assertThat(headers(record))
                .containsEntry("ce_type", "io.millrace.row.inserted")
                .containsEntry("ce_source", "postgresql:shop/inventory")
                .containsEntry("ce_subject", "public.orders")
                .containsEntry("ce_time", "2026-11-21T21:21:46.561Z")
                .containsEntry("mine", "kept")
                .doesNotContainKey("__debezium.context.taskId");
    }

    @Test
    void shouldSayWhichColumnsOfARemovedRowAreNotKnown() {
        // Given what comes without REPLICA IDENTITY FULL: nulls and made-up defaults
        Struct envelope = Envelopes.change("d", Envelopes.postgres(), row(1, null, 0), null);

        // When
        Struct value = value(apply(Map.of(), Envelopes.record(Envelopes.key(1), envelope)));

        // Then
        assertThat(value.get("operation")).isEqualTo("REMOVE");
        assertThat(value.get("before")).isEqualTo("{\"id\":1}");
        assertThat(value.get("after")).isNull();
        assertThat(value.getArray("unknown")).containsExactly("before.name", "before.count");
    }

    @Test
    void shouldTellTheWholeRemovedRowWhenItIsKnown() {
        Struct full = Envelopes.change("d", Envelopes.postgres(), row(1, null, 4), null);
        Struct blank = Envelopes.change("d", Envelopes.postgres(), row(1, null, 0), null);

        Struct value = value(apply(Map.of(), Envelopes.record(Envelopes.key(1), full)));
        Struct told =
                value(
                        apply(
                                Map.of("old.rows", "complete"),
                                Envelopes.record(Envelopes.key(1), blank)));

        assertThat(value.get("before")).isEqualTo("{\"id\":1,\"name\":null,\"count\":4}");
        assertThat(value.getArray("unknown")).isEmpty();
        assertThat(told.get("before")).isEqualTo("{\"id\":1,\"name\":null,\"count\":0}");
    }

    @Test
    void shouldTakeEveryRowOfABinaryLogForKnown() {
        Struct envelope =
                Envelopes.change(
                        "d", Envelopes.mariadb("binlog.000001", 4, 0), row(1, null, 0), null);

        Struct value =
                value(apply(Map.of(), Envelopes.record(Envelopes.key(1), envelope, Map.of())));

        assertThat(value.get("before")).isEqualTo("{\"id\":1,\"name\":null,\"count\":0}");
        assertThat(value.get("schema")).isNull();
        assertThat(value.get("transactionId")).isEqualTo("0-7-10");
    }

    @Test
    void shouldTellALargeValueThatWasNotChangedAsUnknown() {
        Struct envelope =
                Envelopes.change(
                        "u", Envelopes.postgres(), null, row(1, "__debezium_unavailable_value", 5));

        Struct value = value(apply(Map.of(), Envelopes.record(Envelopes.key(1), envelope)));

        assertThat(value.get("operation")).isEqualTo("MODIFY");
        assertThat(value.get("before")).isNull();
        assertThat(value.get("after")).isEqualTo("{\"id\":1,\"count\":5}");
        assertThat(value.getArray("unknown")).containsExactly("after.name");
    }

    @Test
    void shouldKnowNeitherTransactionNorTimeOfASnapshotRow() {
        Struct source = Envelopes.postgres("last", "[null,\"29665984\"]", 29_665_984L);
        Struct envelope = Envelopes.change("r", source, null, row(1, "a", 3));

        Struct value = value(apply(Map.of(), Envelopes.record(Envelopes.key(1), envelope)));

        assertThat(value.get("operation")).isEqualTo("READ");
        assertThat(value.get("transactionId")).isNull();
        assertThat(value.get("changedAt")).isNull();
        assertThat(value.get("position")).isEqualTo("0000000000000000/0000000001C4AAC0");
    }

    @Test
    void shouldPutAllRowsOfATableWithoutKeyIntoOneLane() {
        Struct envelope = Envelopes.change("c", Envelopes.postgres(), null, row(1, "a", 3));

        SourceRecord record = apply(Map.of(), Envelopes.record(null, envelope));

        assertThat(record.key()).isEqualTo("{}");
        assertThat(value(record).get("keys")).isEqualTo("{}");
    }

    @Test
    void shouldGrowThePositionWithinATransactionOfABinaryLog() {
        List<String> positions = new ArrayList<>();
        positions.add(binlog("binlog.000009", 900, 1, 7));
        positions.add(binlog("binlog.000010", 5, 0, 0));
        positions.add(binlog("binlog.000010", 5, 0, 1));
        positions.add(binlog("binlog.000010", 5, 1, 0));
        positions.add(binlog("binlog.000010", 5, 10, 0));
        positions.add(binlog("binlog.000010", 1000, 0, 0));
        positions.add(binlog("binlog.1000000", 4, 0, 0));

        assertThat(positions).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void shouldGrowThePositionWithTheOrderOfTransactionsAndNotOfTheirChanges() {
        // Given a transaction that began earlier and ended later than another
        Struct earlier = Envelopes.postgres("false", "[\"100\",\"300\"]", 300);
        Struct later = Envelopes.postgres("false", "[\"400\",\"200\"]", 200);

        assertThat(position(earlier)).isLessThan(position(later));
    }

    @Test
    void shouldEndThePositionWithTheOrderInTheTransactionWhenItIsTold() {
        Struct envelope = Envelopes.change("c", Envelopes.postgres(), null, row(1, "a", 3));
        Struct numbered = Envelopes.inTransaction(envelope, 2);

        Struct value = value(apply(Map.of(), Envelopes.record(Envelopes.key(1), numbered)));

        assertThat(value.getString("position")).endsWith("/000000000002");
    }

    @Test
    void shouldGiveTheSameChangeTheSameIdAndOthersAnother() {
        Struct change = Envelopes.change("c", Envelopes.postgres(), null, row(1, "a", 3));
        Struct removal = Envelopes.change("d", Envelopes.postgres(), row(1, "a", 3), null);

        String id = id(Envelopes.record(Envelopes.key(1), change));

        assertThat(id(Envelopes.record(Envelopes.key(1), change))).isEqualTo(id);
        assertThat(id(Envelopes.record(Envelopes.key(2), change))).isNotEqualTo(id);
        assertThat(id(Envelopes.record(Envelopes.key(1), removal))).isNotEqualTo(id);
    }

    @Test
    void shouldRecogniseARowThatASecondSnapshotReads() {
        Struct first = Envelopes.postgres("true", "[null,\"100\"]", 100);
        Struct second = Envelopes.postgres("true", "[null,\"200\"]", 200);

        String id = id(read(first, "a"));

        assertThat(id(read(second, "a"))).isEqualTo(id);
        assertThat(id(read(second, "b"))).isNotEqualTo(id);
    }

    @Test
    void shouldLetByWhatIsNoChangeOfARow() {
        SourceRecord heartbeat =
                Envelopes.record(null, named("io.debezium.connector.common.Heartbeat"));
        SourceRecord schemaChange =
                Envelopes.record(null, named("io.debezium.connector.mariadb.SchemaChangeValue"));
        SourceRecord message =
                Envelopes.record(null, Envelopes.change("m", Envelopes.postgres(), null, null));

        assertThat(apply(LETTERS, heartbeat)).isSameAs(heartbeat);
        assertThat(apply(LETTERS, schemaChange)).isSameAs(schemaChange);
        assertThat(apply(LETTERS, message)).isSameAs(message);
    }

    @Test
    void shouldDropTombstones() {
        assertThat(applied(LETTERS, Envelopes.record(Envelopes.key(1), null))).isNull();
    }

    @Test
    void shouldSendATruncateToTheDeadLettersAndDropItWithoutThem() {
        SourceRecord truncate =
                Envelopes.record(null, Envelopes.change("t", Envelopes.postgres(), null, null));

        SourceRecord letter = apply(LETTERS, truncate);

        assertThat(letter.topic()).isEqualTo("letters");
        assertThat(headers(letter)).containsEntry("millrace-condition", "TableTruncated");
        assertThat(applied(Map.of(), truncate)).isNull();
    }

    @Test
    void shouldSendWhatItCannotTellToTheDeadLettersWithTheReason() {
        // Given
        Struct source = Envelopes.postgres().put("lsn", null);
        Struct envelope = Envelopes.change("c", source, null, row(1, "a", 3));
        SourceRecord record = Envelopes.record(Envelopes.key(1), envelope);

        // When
        SourceRecord letter = apply(LETTERS, record);

        // Then
        assertThat(letter.topic()).isEqualTo("letters");
        assertThat(letter.key()).isEqualTo("{\"id\":1}");
        assertThat(letter.valueSchema()).isEqualTo(Schema.STRING_SCHEMA);
        assertThat((String) letter.value())
                .contains("\"after\":{\"id\":1,\"name\":\"a\",\"count\":3}")
                .contains("\"op\":\"c\"");
        assertThat(letter.sourceOffset()).isEqualTo(record.sourceOffset());
        assertThat(headers(letter))
                .containsEntry("millrace-condition", "Unmappable")
                .containsEntry("millrace-source", "shop.public.orders");
        assertThat(headers(letter).get("millrace-error-message")).contains("position");
    }

    @Test
    void shouldFailWithASentenceWithoutDeadLetters() {
        SourceRecord foreign =
                Envelopes.record(null, Envelopes.row("a", Schema.STRING_SCHEMA, "b"));

        assertThatThrownBy(() -> applied(Map.of(), foreign))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("shop.public.orders")
                .hasMessageContaining("'op' and 'source'")
                .hasMessageContaining("dead.letter.topic");
    }

    @Test
    void shouldSendAChangeThatIsTooLargeToTheDeadLettersWithoutItsRows() {
        // Given
        Map<String, String> config = new LinkedHashMap<>(LETTERS);
        config.put("change.bytes.max", "1000");
        Struct envelope =
                Envelopes.change("c", Envelopes.postgres(), null, row(1, "\u00fc".repeat(600), 3));
        SourceRecord record = Envelopes.record(Envelopes.key(1), envelope);

        // When
        SourceRecord letter = apply(config, record);

        // Then
        assertThat((String) letter.value())
                .doesNotContain("\u00fc")
                .contains("\"table\":\"orders\"");
        assertThat(headers(letter))
                .containsEntry("millrace-condition", "TooLarge")
                .containsEntry("millrace-truncated", "before,after");
        assertThat(apply(Map.of("change.bytes.max", "1000"), record).topic())
                .isEqualTo("shop.public.orders");
    }

    @Test
    void shouldPutAllChangesIntoTheTopicThatIsAskedFor() {
        Struct envelope = Envelopes.change("c", Envelopes.postgres(), null, row(1, "a", 3));

        SourceRecord record =
                apply(Map.of("topic", "rows"), Envelopes.record(Envelopes.key(1), envelope));

        assertThat(record.topic()).isEqualTo("rows");
    }

    @Test
    void shouldTellEveryErrorOfTheConfigurationAtOnce() {
        Map<String, String> wrong =
                Map.of(
                        "topic",
                        "a b",
                        "old.rows",
                        "maybe",
                        "change.bytes.max",
                        "1",
                        "decimals",
                        "x");

        List<ConfigValue> checked;
        try (TableChangeTransform transform = new TableChangeTransform()) {
            checked = transform.config().validate(wrong);
        }

        assertThat(checked)
                .filteredOn(value -> !value.errorMessages().isEmpty())
                .extracting(ConfigValue::name)
                .containsExactlyInAnyOrder("topic", "old.rows", "change.bytes.max", "decimals");
        assertThat(checked)
                .filteredOn(value -> value.name().equals("old.rows"))
                .allSatisfy(value ->
                        assertThat(value.recommendedValues()).contains("detect", "complete"));
    }

    private static SourceRecord read(Struct source, String name) {
        return Envelopes.record(
                Envelopes.key(1), Envelopes.change("r", source, null, row(1, name, 3)));
    }

    private static String position(Struct source) {
        Struct envelope = Envelopes.change("c", source, null, row(1, "a", 3));
        return value(apply(Map.of(), Envelopes.record(Envelopes.key(1), envelope)))
                .getString("position");
    }

    private static String binlog(String file, long pos, long event, int row) {
        Struct envelope =
                Envelopes.change("c", Envelopes.mariadb(file, pos, row), null, row(1, "a", 3));
        Map<String, ?> offset = event == 0 ? Map.of() : Map.of("event", event);
        return value(apply(Map.of(), Envelopes.record(Envelopes.key(1), envelope, offset)))
                .getString("position");
    }

    private static String id(SourceRecord record) {
        return headers(apply(Map.of(), record)).getOrDefault("ce_id", "");
    }

    private static SourceRecord apply(Map<String, String> config, SourceRecord record) {
        return Objects.requireNonNull(applied(config, record));
    }

    private static @Nullable SourceRecord applied(Map<String, String> config, SourceRecord record) {
        try (TableChangeTransform transform = new TableChangeTransform()) {
            transform.configure(config);
            return transform.apply(record);
        }
    }

    private static Struct value(SourceRecord record) {
        return (Struct) record.value();
    }

    private static Map<String, String> headers(SourceRecord record) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), String.valueOf(header.value()));
        }
        return headers;
    }

    private static Struct named(String schema) {
        return new Struct(
                        SchemaBuilder.struct()
                                .name(schema)
                                .field("ts_ms", Schema.INT64_SCHEMA)
                                .build())
                .put("ts_ms", 1L);
    }

    private static Struct row(long id, @Nullable String name, int count) {
        return Envelopes.row(COLUMNS, "id", id).put("name", name).put("count", count);
    }

    private static Map<String, Schema> columns() {
        Map<String, Schema> columns = new LinkedHashMap<>();
        columns.put("id", Schema.INT64_SCHEMA);
        columns.put("name", SchemaBuilder.string().optional().defaultValue("somebody").build());
        columns.put("count", Schema.INT32_SCHEMA);
        return columns;
    }
}
