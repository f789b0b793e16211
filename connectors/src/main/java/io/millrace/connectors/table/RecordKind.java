package io.millrace.connectors.table;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/** What a record of a Debezium connector is. */
enum RecordKind {
    /** A row changed, or was read by a snapshot. */
    CHANGE,
    /** A table was emptied at once; its rows are not told. */
    TRUNCATE,
    /** What follows a delete for topics that are compacted. */
    TOMBSTONE,
    /** Heartbeats, schema changes, transaction marks, notifications, messages: no rows. */
    OTHER,
    /** Not what Debezium makes, or changed by a transform before this one. */
    FOREIGN;

    private static final String DEBEZIUM = "io.debezium.";

    static RecordKind of(SourceRecord record) {
        if (record.value() == null) {
            return TOMBSTONE;
        }
        if (!(record.value() instanceof Struct value)) {
            return FOREIGN;
        }
        Schema schema = value.schema();
        if (schema.name() != null && schema.name().startsWith(DEBEZIUM)) {
            return OTHER;
        }
        if (schema.field("op") == null || schema.field("source") == null) {
            return FOREIGN;
        }
        return switch (Fields.text(value, "op").orElse("")) {
            case "t" -> TRUNCATE;
            case "m" -> OTHER;
            default -> CHANGE;
        };
    }
}
