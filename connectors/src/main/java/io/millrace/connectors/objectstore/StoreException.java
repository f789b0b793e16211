package io.millrace.connectors.objectstore;

import java.util.Optional;

/**
 * The object store did not answer or refused, told in a sentence for the connector's status.
 *
 * <p>A transient failure heals by itself, a lasting one needs a person: it names the configuration
 * key that the person should look at.
 */
final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String text;
    private final String configKey;

    private StoreException(String text, String configKey, Throwable cause) {
        super(text, cause);
        this.text = text;
        this.configKey = configKey;
    }

    static StoreException passing(String text, Throwable cause) {
        return new StoreException(text, "", cause);
    }

    static StoreException lasting(String text, String configKey, Throwable cause) {
        return new StoreException(text, configKey, cause);
    }

    boolean isTransient() {
        return configKey.isEmpty();
    }

    /** The sentence, never null. */
    String text() {
        return text;
    }

    /** The configuration key to look at; empty for a transient failure. */
    Optional<String> configKey() {
        return configKey.isEmpty() ? Optional.empty() : Optional.of(configKey);
    }
}
