package io.millrace.connectors.cloudevents;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;

import java.util.List;

/** The Connect schemas of the source events; equal to the Avro contracts of the same names. */
public final class EventSchemas {
    /** An object of an object store was created or overwritten. */
    public static final Schema OBJECT_EVENT =
            SchemaBuilder.struct()
                    .name("io.millrace.schemas.ObjectEvent")
                    .field("kind", Schema.STRING_SCHEMA)
                    .field("bucket", Schema.STRING_SCHEMA)
                    .field("key", Schema.STRING_SCHEMA)
                    .field("size", SchemaBuilder.int64().defaultValue(0L).build())
                    .field("eTag", Schema.OPTIONAL_STRING_SCHEMA)
                    .field("versionId", Schema.OPTIONAL_STRING_SCHEMA)
                    .field("lastModified", Timestamp.builder().optional().build())
                    .field("endpoint", Schema.OPTIONAL_STRING_SCHEMA)
                    .field("region", Schema.OPTIONAL_STRING_SCHEMA)
                    .build();

    /** A row of a table was inserted, changed, removed, or read by a snapshot. */
    public static final Schema TABLE_CHANGE =
            SchemaBuilder.struct()
                    .name("io.millrace.schemas.TableChange")
                    .field("operation", Schema.STRING_SCHEMA)
                    .field("database", Schema.STRING_SCHEMA)
                    .field("schema", Schema.OPTIONAL_STRING_SCHEMA)
                    .field("table", Schema.STRING_SCHEMA)
                    .field("keys", Schema.STRING_SCHEMA)
                    .field("before", Schema.OPTIONAL_STRING_SCHEMA)
                    .field("after", Schema.OPTIONAL_STRING_SCHEMA)
                    .field("position", Schema.STRING_SCHEMA)
                    .field("transactionId", Schema.OPTIONAL_STRING_SCHEMA)
                    .field("changedAt", Timestamp.builder().optional().build())
                    .field(
                            "unknown",
                            SchemaBuilder.array(Schema.STRING_SCHEMA)
                                    .defaultValue(List.of())
                                    .build())
                    .build();

    /** A schedule came due. */
    public static final Schema SCHEDULE_TICK =
            SchemaBuilder.struct()
                    .name("io.millrace.schemas.ScheduleTick")
                    .field("schedule", Schema.STRING_SCHEMA)
                    .field("expression", Schema.STRING_SCHEMA)
                    .field("timeZone", SchemaBuilder.string().defaultValue("UTC").build())
                    .field("dueAt", Timestamp.SCHEMA)
                    .field("missed", SchemaBuilder.int32().defaultValue(0).build())
                    .field("payload", Schema.OPTIONAL_STRING_SCHEMA)
                    .build();

    private EventSchemas() {}
}
