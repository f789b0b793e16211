package io.millrace.connectors.cloudevents;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;

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

    private EventSchemas() {}
}
