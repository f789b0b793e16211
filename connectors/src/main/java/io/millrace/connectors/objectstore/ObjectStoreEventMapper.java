package io.millrace.connectors.objectstore;

import io.millrace.connectors.cloudevents.CloudEventHeaders;
import io.millrace.connectors.cloudevents.EventRecordBuilder;
import io.millrace.connectors.cloudevents.EventSchemas;

import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/** What happened to an object -> its source record. Pure. Threading: any thread. */
final class ObjectStoreEventMapper {
    private final ObjectStoreSourceConfig config;
    private final EventRecordBuilder records;
    private final String source;

    ObjectStoreEventMapper(ObjectStoreSourceConfig config) {
        this.config = config;
        this.records = new EventRecordBuilder(config.topic());
        this.source = source(config);
    }

    SourceRecord record(ObjectChange change) {
        StoredObject object = change.object();
        return records.record(
                config.bucket() + "/" + object.key(),
                value(change),
                attributes(change),
                change.sourcePartition(),
                change.sourceOffset());
    }

    private Struct value(ObjectChange change) {
        StoredObject object = change.object();
        Struct value =
                new Struct(EventSchemas.OBJECT_EVENT)
                        .put("kind", change.kind().name())
                        .put("bucket", config.bucket())
                        .put("key", object.key())
                        .put("size", object.size())
                        .put("lastModified", Date.from(object.lastModified()))
                        .put("region", config.region());
        if (!object.eTag().isEmpty()) {
            value.put("eTag", object.eTag());
        }
        config.endpoint().ifPresent(uri -> value.put("endpoint", uri.toString()));
        return value;
    }

    private CloudEventHeaders attributes(ObjectChange change) {
        StoredObject object = change.object();
        Instant lastModified = object.lastModified();
        return new CloudEventHeaders(
                id(object),
                source,
                type(change.kind()),
                object.key(),
                Optional.of(lastModified),
                config.contentType());
    }

    /**
     * Made of what the store says about this state of the object. A listing does not tell version
     * ids: their place is kept empty.
     */
    private String id(StoredObject object) {
        return CloudEventHeaders.idOf(
                List.of(
                        config.endpoint().map(URI::toString).orElse(""),
                        config.bucket(),
                        object.key(),
                        object.eTag(),
                        "",
                        Long.toString(object.lastModified().toEpochMilli())));
    }

    private static String type(ObjectChange.Kind kind) {
        return switch (kind) {
            case CREATED -> "io.millrace.object.created";
            case OVERWRITTEN -> "io.millrace.object.overwritten";
        };
    }

    private static String source(ObjectStoreSourceConfig config) {
        String bucket = URLEncoder.encode(config.bucket(), StandardCharsets.UTF_8);
        return config.endpoint()
                .map(uri -> uri.toString().replaceAll("/+$", "") + "/" + bucket)
                .orElse("arn:aws:s3:::" + bucket);
    }
}
