package io.millrace.engine.dev.registry;

import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

import java.util.ArrayList;
import java.util.List;

/** Decides whether a schema may follow earlier ones. Pure; any thread. */
final class CompatibilityRule {
    private CompatibilityRule() {}

    /**
     * What stands against the schema; empty when nothing does.
     *
     * @param earlier versions that count, oldest first
     */
    static List<String> violations(
            Schema candidate, List<StoredSchema> earlier, CompatibilityLevel level) {
        List<StoredSchema> counted = earlier;
        if (!level.isTransitive() && !earlier.isEmpty()) {
            counted = List.of(earlier.getLast());
        }
        List<String> found = new ArrayList<>();
        for (StoredSchema old : counted.reversed()) {
            if (level.readsOld() || level.isReadByOld()) {
                found.addAll(against(candidate, old, level));
            }
        }
        return found;
    }

    private static List<String> against(
            Schema candidate, StoredSchema old, CompatibilityLevel level) {
        if (!old.type().equals(StoredSchema.AVRO) || !old.json().path("references").isEmpty()) {
            return List.of(
                    "version "
                            + old.version()
                            + " is of type "
                            + old.type()
                            + " or has references, and cannot be compared here");
        }
        Schema earlier =
                new Schema.Parser(NameValidator.NO_VALIDATION)
                        .setValidateDefaults(false)
                        .parse(old.schema());
        List<String> found = new ArrayList<>();
        if (level.readsOld()) {
            found.addAll(told("cannot read version " + old.version(), candidate, earlier));
        }
        if (level.isReadByOld()) {
            found.addAll(told("cannot be read by version " + old.version(), earlier, candidate));
        }
        return found;
    }

    private static List<String> told(String what, Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult()
                .getIncompatibilities()
                .stream()
                .map(it -> what + ": " + told(it))
                .toList();
    }

    private static String told(Incompatibility it) {
        return it.getType() + " at " + it.getLocation() + ": " + it.getMessage();
    }
}
