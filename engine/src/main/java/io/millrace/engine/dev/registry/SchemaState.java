package io.millrace.engine.dev.registry;

import io.millrace.engine.dev.registry.RegistryRecord.ConfigRecord;
import io.millrace.engine.dev.registry.RegistryRecord.DeleteSubjectRecord;
import io.millrace.engine.dev.registry.RegistryRecord.SchemaRecord;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the records of {@code _schemas} say, applied in their order. Threading: any thread; each
 * call sees one state.
 */
final class SchemaState {
    private final NavigableMap<String, NavigableMap<Integer, StoredSchema>> subjects =
            new TreeMap<>();
    private final Map<String, CompatibilityLevel> levels = new HashMap<>();
    private CompatibilityLevel defaultLevel = CompatibilityLevel.BACKWARD;
    private int highestId;

    synchronized void apply(RegistryRecord record) {
        switch (record) {
            case SchemaRecord it -> apply(it);
            case DeleteSubjectRecord it ->
                    versionsOf(it.subject())
                            .headMap(it.version(), true)
                            .replaceAll((_, schema) -> schema.softlyDeleted());
            case ConfigRecord it -> apply(it);
        }
    }

    private void apply(SchemaRecord record) {
        if (record.schema().isPresent()) {
            StoredSchema schema = record.schema().get();
            subjects.computeIfAbsent(record.subject(), _ -> new TreeMap<>())
                    .put(record.version(), schema);
            highestId = Math.max(highestId, schema.id());
            return;
        }
        NavigableMap<Integer, StoredSchema> versions = versionsOf(record.subject());
        versions.remove(record.version());
        if (versions.isEmpty()) {
            subjects.remove(record.subject());
        }
    }

    private void apply(ConfigRecord record) {
        if (record.subject().isEmpty()) {
            defaultLevel = record.level().orElse(CompatibilityLevel.BACKWARD);
        } else if (record.level().isPresent()) {
            levels.put(record.subject().get(), record.level().get());
        } else {
            levels.remove(record.subject().get());
        }
    }

    private NavigableMap<Integer, StoredSchema> versionsOf(String subject) {
        return subjects.getOrDefault(subject, new TreeMap<>());
    }

    /** Names of subjects that have a version, softly deleted ones only when asked for. */
    synchronized List<String> subjects(boolean withDeleted) {
        return subjects.keySet().stream()
                .filter(subject -> !versions(subject, withDeleted).isEmpty())
                .toList();
    }

    /** Versions of a subject, oldest first. */
    synchronized List<StoredSchema> versions(String subject, boolean withDeleted) {
        return versionsOf(subject).values().stream()
                .filter(schema -> withDeleted || !schema.deleted())
                .toList();
    }

    /** All versions of all subjects that have this id, deleted ones too. */
    synchronized List<StoredSchema> withId(int id) {
        return subjects.values().stream()
                .map(Map::values)
                .flatMap(Collection::stream)
                .filter(schema -> schema.id() == id)
                .toList();
    }

    /** The id this schema has under any subject: the same schema has one id. */
    synchronized Optional<Integer> idOf(String schema) {
        return subjects.values().stream()
                .map(Map::values)
                .flatMap(Collection::stream)
                .filter(stored -> stored.isAvro(schema))
                .map(StoredSchema::id)
                .findFirst();
    }

    /** The highest id seen since the start of the topic. */
    synchronized int highestId() {
        return highestId;
    }

    /** The subject's own level. */
    synchronized Optional<CompatibilityLevel> levelOf(String subject) {
        return Optional.ofNullable(levels.get(subject));
    }

    /** The level of subjects without one of their own. */
    synchronized CompatibilityLevel defaultLevel() {
        return defaultLevel;
    }
}
