package io.millrace.engine.operations;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.model.TriggerId;
import io.millrace.engine.registry.RegistryPublisher;
import io.millrace.engine.registry.RegistryReader;
import io.millrace.engine.registry.RegistrySnapshot;
import io.millrace.engine.time.TimeSource;
import io.millrace.schemas.registry.SchemaRegistryClient;

import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Reads and changes the registry records of triggers.
 *
 * <p>A change that another publisher overtakes is refused, never lost or mixed.
 */
final class RegistryChange {
    private final Cluster cluster;
    private final TopicNames names;
    private final SchemaRegistryClient schemas;
    private final TimeSource time;

    RegistryChange(
            Cluster cluster, TopicNames names, SchemaRegistryClient schemas, TimeSource time) {
        this.cluster = cluster;
        this.names = names;
        this.schemas = schemas;
        this.time = time;
    }

    RegistrySnapshot read() {
        return RegistryReader.read(cluster, names, schemas);
    }

    Trigger find(TriggerId id) {
        return find(read(), id);
    }

    /** Applies the change to the present record; gives the record as it is then. */
    Trigger change(TriggerId id, UnaryOperator<Trigger> change) {
        try (var publisher = new RegistryPublisher(cluster, names, schemas, time)) {
            // First the right to publish, then the look: what changes in between is noticed.
            publisher.claim();
            Trigger before = find(read(), id);
            Trigger after = change.apply(before);
            if (!after.equals(before)) {
                publisher.update(after);
            }
            return after;
        }
    }

    private static Trigger find(RegistrySnapshot registry, TriggerId id) {
        return Optional.ofNullable(registry.triggers().get(id))
                .orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.NOT_FOUND,
                                "trigger '" + id + "' does not exist; see: millrace triggers"));
    }
}
