package io.millrace.engine.dev.registry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which of the earlier versions a new one must go together with, and in which direction. */
enum CompatibilityLevel {
    NONE(false, false, false),
    BACKWARD(true, false, false),
    BACKWARD_TRANSITIVE(true, false, true),
    FORWARD(false, true, false),
    FORWARD_TRANSITIVE(false, true, true),
    FULL(true, true, false),
    FULL_TRANSITIVE(true, true, true);

    private final boolean readsOld;
    private final boolean isReadByOld;
    private final boolean isTransitive;

    CompatibilityLevel(boolean readsOld, boolean isReadByOld, boolean isTransitive) {
        this.readsOld = readsOld;
        this.isReadByOld = isReadByOld;
        this.isTransitive = isTransitive;
    }

    static Optional<CompatibilityLevel> parse(String name) {
        String wanted = name.toUpperCase(Locale.ROOT);
        return Arrays.stream(values()).filter(level -> level.name().equals(wanted)).findFirst();
    }

    boolean readsOld() {
        return readsOld;
    }

    boolean isReadByOld() {
        return isReadByOld;
    }

    /** All earlier versions count, not only the newest. */
    boolean isTransitive() {
        return isTransitive;
    }
}
