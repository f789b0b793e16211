package io.millrace.connectors.cloudevents;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;

import java.util.Map;

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

    /** A message was taken from a queue. */
    public static final Schema QUEUE_MESSAGE =
            SchemaBuilder.struct()
                    .name("io.millrace.schemas.QueueMessage")
                    .field("queue", Schema.STRING_SCHEMA)
                    .field("messageId", Schema.STRING_SCHEMA)
                    .field("body", Schema.BYTES_SCHEMA)
                    .field("contentType", Schema.OPTIONAL_STRING_SCHEMA)
                    .field("attributes", texts())
                    .field("groupId", Schema.OPTIONAL_STRING_SCHEMA)
                    .field("sentAt", Timestamp.builder().optional().build())
                    .field("receiveCount", SchemaBuilder.int32().defaultValue(1).build())
                    .field("attributeTypes", texts())
                    .build();

    /**
     * Bytes of somebody else, for example a dead letter; Millrace's Avro converter writes them as
     * they are.
     */
    public static final Schema RAW = SchemaBuilder.bytes().name("io.millrace.raw").build();

    private EventSchemas() {}

    private static Schema texts() {
        return SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.STRING_SCHEMA)
                .defaultValue(Map.of())
                .build();
    }
}
