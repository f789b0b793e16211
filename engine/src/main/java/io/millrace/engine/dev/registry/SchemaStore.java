package io.millrace.engine.dev.registry;

import io.millrace.engine.dev.registry.RegistryRecord.ConfigRecord;
import io.millrace.engine.dev.registry.RegistryRecord.DeleteSubjectRecord;
import io.millrace.engine.dev.registry.RegistryRecord.SchemaRecord;

import org.apache.avro.Schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What can be asked of and done to subjects. Every change is decided on the newest state, written,
 * and visible here when the call returns. Threading: any thread.
 */
final class SchemaStore {
    private final SchemaState state;
    private final SchemaTopic topic;

    SchemaStore(SchemaState state, SchemaTopic topic) {
        this.state = state;
        this.topic = topic;
    }

    SchemaState state() {
        return state;
    }

    /**
     * Asks again after reading to the end, so that what another registry wrote just now is found.
     */
    <T> T find(Supplier<Optional<T>> question, Supplier<ProtocolException> missing) {
        Optional<T> known = question.get();
        if (known.isPresent()) {
            return known.get();
        }
        topic.catchUp();
        return question.get().orElseThrow(missing);
    }

    /** The id of the schema under the subject; a new version when it is not there yet. */
    int register(String subject, Schema schema) {
        String text = schema.toString();
        Optional<StoredSchema> known = version(subject, text);
        if (known.isPresent()) {
            return known.get().id();
        }
        topic.change(() -> newVersion(subject, schema));
        return version(subject, text).orElseThrow(ProtocolException::internal).id();
    }

    private List<RegistryRecord> newVersion(String subject, Schema schema) {
        String text = schema.toString();
        if (version(subject, text).isPresent()) {
            return List.of();
        }
        List<String> why =
                CompatibilityRule.violations(
                        schema, state.versions(subject, false), level(subject));
        if (!why.isEmpty()) {
            throw ProtocolException.incompatible(subject, why);
        }
        List<StoredSchema> all = state.versions(subject, true);
        int version = all.isEmpty() ? 1 : all.getLast().version() + 1;
        int id = state.idOf(text).orElse(state.highestId() + 1);
        return List.of(SchemaRecord.of(StoredSchema.create(subject, version, id, text)));
    }

    /** The newest version of the subject that is this schema. */
    Optional<StoredSchema> version(String subject, String schema) {
        return state.versions(subject, false).reversed().stream()
                .filter(stored -> stored.isAvro(schema))
                .findFirst();
    }

    CompatibilityLevel level(String subject) {
        return state.levelOf(subject).orElse(state.defaultLevel());
    }

    void level(Optional<String> subject, Optional<CompatibilityLevel> level) {
        topic.change(() -> List.of(new ConfigRecord(subject, level)));
    }

    /** Deletes all versions and gives their numbers; for good only what is softly deleted. */
    List<Integer> deleteSubject(String subject, boolean permanent) {
        List<Integer> deleted = new ArrayList<>();
        topic.change(() -> {
            deleted.clear();
            List<RegistryRecord> records =
                    permanent ? subjectGone(subject) : subjectHidden(subject);
            state.versions(subject, permanent).forEach(it -> deleted.add(it.version()));
            return records;
        });
        return deleted;
    }

    private List<RegistryRecord> subjectHidden(String subject) {
        List<StoredSchema> all = state.versions(subject, true);
        if (all.isEmpty()) {
            throw ProtocolException.noSubject(subject);
        }
        List<StoredSchema> visible = state.versions(subject, false);
        if (visible.isEmpty()) {
            throw ProtocolException.subjectAlreadyDeleted(subject);
        }
        List<RegistryRecord> records = new ArrayList<>();
        records.add(new DeleteSubjectRecord(subject, visible.getLast().version()));
        if (state.levelOf(subject).isPresent()) {
            records.add(new ConfigRecord(Optional.of(subject), Optional.empty()));
        }
        return records;
    }

    private List<RegistryRecord> subjectGone(String subject) {
        List<StoredSchema> all = state.versions(subject, true);
        if (all.isEmpty()) {
            throw ProtocolException.noSubject(subject);
        }
        if (!state.versions(subject, false).isEmpty()) {
            throw ProtocolException.subjectNotDeletedFirst(subject);
        }
        return all.stream().map(SchemaStore::gone).toList();
    }

    private static RegistryRecord gone(StoredSchema schema) {
        return new SchemaRecord(schema.subject(), schema.version(), Optional.empty());
    }

    /** Deletes one version; for good only when it is softly deleted. */
    void deleteVersion(String subject, int version, boolean permanent) {
        topic.change(() -> List.of(versionDeleted(subject, version, permanent)));
    }

    private RegistryRecord versionDeleted(String subject, int version, boolean permanent) {
        List<StoredSchema> all = state.versions(subject, true);
        if (all.isEmpty()) {
            throw ProtocolException.noSubject(subject);
        }
        StoredSchema found =
                all.stream()
                        .filter(it -> it.version() == version)
                        .findFirst()
                        .orElseThrow(() -> ProtocolException.noVersion(version));
        if (permanent && !found.deleted()) {
            throw ProtocolException.versionNotDeletedFirst(subject, version);
        }
        if (!permanent && found.deleted()) {
            throw ProtocolException.versionAlreadyDeleted(subject, version);
        }
        return permanent ? gone(found) : SchemaRecord.of(found.softlyDeleted());
    }
}
