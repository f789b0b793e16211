package io.millrace.it.prove.sources;

/**
 * One change of a source, as both sides tell it.
 *
 * @param key what order is kept by
 * @param id what tells it from every other change of this key
 */
public record Change(String key, String id) {
    @Override
    public String toString() {
        return "'" + id + "' of '" + key + "'";
    }
}
