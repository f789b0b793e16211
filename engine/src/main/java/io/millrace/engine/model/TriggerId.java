package io.millrace.engine.model;

import java.util.regex.Pattern;

/** Name of a trigger; part of group ids, transactional ids and folder names. */
public record TriggerId(String value) {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");

    public TriggerId {
        if (!ALLOWED.matcher(value).matches()) {
            throw MillraceException.invalid(
                    "trigger id",
                    value,
                    "1 to 100 letters, digits, '.', '_' or '-', starting with a letter or digit");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
