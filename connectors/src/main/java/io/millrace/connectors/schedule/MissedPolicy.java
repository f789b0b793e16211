package io.millrace.connectors.schedule;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What becomes of due times that passed while nobody could fire them. */
enum MissedPolicy {
    /** Each fires. */
    CATCH_UP,
    /** The last one fires, and says for how many. */
    COLLAPSE,
    /** None fires. */
    SKIP;

    /** As it is written in a configuration. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads a checked word. */
    static MissedPolicy of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    static List<String> words() {
        return Arrays.stream(values()).map(MissedPolicy::word).toList();
    }
}
