package io.millrace.connectors.objectstore;

import io.millrace.connectors.cloudevents.CloudEventHeaders;
import io.millrace.connectors.cloudevents.EventRecordBuilder;
import io.millrace.connectors.cloudevents.EventSchemas;
import io.millrace.connectors.objectstore.ObjectChange.Kind;

import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is known of an object -> its source record. Pure. Threading: any thread. */
final class ObjectEventRecords {
    private final Optional<URI> endpoint;
    private final Optional<String> contentType;
    private final EventRecordBuilder records;

    ObjectEventRecords(String topic, Optional<URI> endpoint, Optional<String> contentType) {
        this.endpoint = endpoint;
        this.contentType = contentType;
        this.records = new EventRecordBuilder(topic);
    }

    SourceRecord record(
            ObjectFacts facts, Map<String, ?> sourcePartition, Map<String, ?> sourceOffset) {
        return records.record(
                facts.bucket() + "/" + facts.key(),
                value(facts),
                attributes(facts),
                sourcePartition,
                sourceOffset);
    }

    private Struct value(ObjectFacts facts) {
        Struct value =
                new Struct(EventSchemas.OBJECT_EVENT)
                        .put("kind", facts.kind().name())
                        .put("bucket", facts.bucket())
                        .put("key", facts.key())
                        .put("size", facts.size())
                        .put("region", facts.region());
        if (facts.kind() != Kind.DELETED) {
            facts.time().ifPresent(time -> value.put("lastModified", Date.from(time)));
        }
        if (!facts.eTag().isEmpty()) {
            value.put("eTag", facts.eTag());
        }
        if (!facts.versionId().isEmpty()) {
            value.put("versionId", facts.versionId());
        }
        endpoint.ifPresent(uri -> value.put("endpoint", uri.toString()));
        return value;
    }

    private CloudEventHeaders attributes(ObjectFacts facts) {
        List<String> identity = new ArrayList<>();
        identity.add(endpoint.map(URI::toString).orElse(""));
        identity.add(facts.bucket());
        identity.add(facts.key());
        identity.addAll(facts.identity());
        return new CloudEventHeaders(
                CloudEventHeaders.idOf(identity),
                source(facts.bucket()),
                type(facts.kind()),
                facts.key(),
                facts.time(),
                contentType);
    }

    private static String type(Kind kind) {
        return switch (kind) {
            case CREATED -> "io.millrace.object.created";
            case OVERWRITTEN -> "io.millrace.object.overwritten";
            case DELETED -> "io.millrace.object.deleted";
        };
    }

    private String source(String name) {
        String bucket = URLEncoder.encode(name, StandardCharsets.UTF_8);
        return endpoint.map(uri -> uri.toString().replaceAll("/+$", "") + "/" + bucket)
                .orElse("arn:aws:s3:::" + bucket);
    }
}
