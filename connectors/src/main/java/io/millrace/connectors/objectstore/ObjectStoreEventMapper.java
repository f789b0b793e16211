package io.millrace.connectors.objectstore;

import io.millrace.connectors.objectstore.ObjectChange.Kind;

import org.apache.kafka.connect.source.SourceRecord;

import java.util.List;
import java.util.Optional;

/** What a listing told of an object -> its source record. Pure. Threading: any thread. */
final class ObjectStoreEventMapper {
    private final ObjectStoreSourceConfig config;
    private final ObjectEventRecords records;

    ObjectStoreEventMapper(ObjectStoreSourceConfig config) {
        this.config = config;
        this.records =
                new ObjectEventRecords(config.topic(), config.endpoint(), config.contentType());
    }

    SourceRecord record(ObjectChange change) {
        StoredObject object = change.object();
        boolean deleted = change.kind() == Kind.DELETED;
        return records.record(
                new ObjectFacts(
                        change.kind(),
                        config.bucket(),
                        object.key(),
                        object.size(),
                        object.eTag(),
                        "",
                        // When an object was deleted, a listing does not tell.
                        deleted ? Optional.empty() : Optional.of(object.lastModified()),
                        config.region(),
                        deleted ? deletedIdentity(change) : identity(object)),
                change.sourcePartition(),
                change.sourceOffset());
    }

    /**
     * What the store says about this state of the object. A listing does not tell version ids:
     * their place is kept empty.
     */
    private static List<String> identity(StoredObject object) {
        return List.of(object.eTag(), "", Long.toString(object.lastModified().toEpochMilli()));
    }

    /** What was deleted: the state that was known. */
    private static List<String> deletedIdentity(ObjectChange change) {
        return List.of("deleted", Long.toHexString(change.state()));
    }
}
