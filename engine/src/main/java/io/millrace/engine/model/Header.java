package io.millrace.engine.model;

/**
 * One record header; a key may occur several times.
 *
 * @param key name, may be empty
 * @param value bytes or {@link Payload#NULL}
 */
public record Header(String key, Payload value) {
    /** A header with a text value. */
    public static Header of(String key, String value) {
        return new Header(key, Payload.of(value));
    }
}
