package io.millrace.engine.filter;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The fields that the patterns of a filter name. */
final class FieldNames {
    private final Set<String> fields;
    private final Set<String> steps = new HashSet<>();

    FieldNames(Set<String> fields) {
        this.fields = Set.copyOf(fields);
        for (String field : fields) {
            steps.addAll(List.of(field.split("\\.", -1)));
        }
    }

    boolean has(String field) {
        return fields.contains(field);
    }

    /** Whether a step of a path is in any field; a step with dots stands for several. */
    boolean hasStep(String step) {
        if (steps.contains(step)) {
            return true;
        }
        return step.indexOf('.') >= 0 && steps.containsAll(List.of(step.split("\\.", -1)));
    }
}
