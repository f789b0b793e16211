package io.millrace.engine.model;

import java.util.regex.Pattern;

/** Name of a function, as Lambda allows it (API-6). */
public record FunctionName(String value) {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    public FunctionName {
        if (!ALLOWED.matcher(value).matches()) {
            throw MillraceException.invalid(
                    "function name", value, "1 to 64 letters, digits, '_' or '-'");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
