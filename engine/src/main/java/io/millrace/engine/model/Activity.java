package io.millrace.engine.model;

import java.util.Optional;

/**
 * Whether a trigger works.
 *
 * @param enabled a disabled trigger has no application: it reads nothing and waits for nothing
 * @param paused why it hands out nothing at present, though it is ready to go on at once
 */
public record Activity(boolean enabled, Optional<String> paused) {
    public static final Activity ENABLED = new Activity(true, Optional.empty());
    public static final Activity DISABLED = new Activity(false, Optional.empty());

    public Activity pausedFor(String reason) {
        return new Activity(enabled, Optional.of(reason));
    }
}
