package io.millrace.engine.render;

import io.millrace.engine.model.WindowInput;

import java.util.List;

/** Partitions by the names that AWS gives to shards. */
final class Shards {
    private static final int DIGITS = 12;

    private Shards() {}

    static String id(int partition) {
        String number = Integer.toString(partition);
        return "shardId-" + "0".repeat(Math.max(0, DIGITS - number.length())) + number;
    }

    /** The shard of a window: that of its records, or of what it held where it is closed. */
    static String of(List<Form.Part> parts, WindowInput window) {
        return parts.isEmpty()
                ? window.closing()
                        .map(closing -> id(closing.contents().partition().partition()))
                        .orElse("")
                : id(parts.getFirst().partition().partition());
    }
}
