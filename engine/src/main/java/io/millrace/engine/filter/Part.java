package io.millrace.engine.filter;

import java.util.Optional;

/** What a field of a pattern is about, as far as it depends on the form of the data (FIL-2). */
enum Part {
    VALUE_TEXT,
    VALUE_JSON,
    KEY_TEXT,
    KEY_JSON;

    static final String VALUE = "value";
    static final String KEY = "key";

    /**
     * Sorts a field by its name.
     *
     * @param field steps joined by dots, as event-ruler names them
     * @return empty for metadata
     */
    static Optional<Part> of(String field) {
        if (field.equals(VALUE)) {
            return Optional.of(VALUE_TEXT);
        }
        if (field.startsWith(VALUE + ".")) {
            return Optional.of(VALUE_JSON);
        }
        if (field.equals(KEY)) {
            return Optional.of(KEY_TEXT);
        }
        if (field.startsWith(KEY + ".")) {
            return Optional.of(KEY_JSON);
        }
        return Optional.empty();
    }
}
