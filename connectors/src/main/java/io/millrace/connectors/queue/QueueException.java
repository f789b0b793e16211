package io.millrace.connectors.queue;

import java.util.Optional;

/**
 * A queue did not answer or refused, told in a sentence for the connector's status.
 *
 * <p>A transient failure heals by itself, a lasting one needs a person: it names the configuration
 * key that the person should look at.
 */
public final class QueueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String text;
    private final String configKey;

    private QueueException(String text, String configKey, Throwable cause) {
        super(text, cause);
        this.text = text;
        this.configKey = configKey;
    }

    /** It can pass by itself. */
    public static QueueException passing(String text, Throwable cause) {
        return new QueueException(text, "", cause);
    }

    /** A person must change something, for example the value of this key. */
    public static QueueException lasting(String text, String configKey, Throwable cause) {
        return new QueueException(text, configKey, cause);
    }

    boolean isTransient() {
        return configKey.isEmpty();
    }

    /** The sentence. */
    public String text() {
        return text;
    }

    /** The configuration key to look at; empty for a transient failure. */
    public Optional<String> configKey() {
        return configKey.isEmpty() ? Optional.empty() : Optional.of(configKey);
    }
}
