package io.millrace.it.prove.core;

import java.util.Optional;

/**
 * What has to become of an event of {@link Functions#SINGLE}, by what its value asks for.
 *
 * @param condition of its dead letter; empty if it succeeds
 */
record Fate(int attempts, Optional<String> condition) {
    static Fate of(String value, int maxAttempts) {
        String[] words = value.split(":", 3);
        return switch (words[0]) {
            case "fail" -> {
                int failures = Integer.parseInt(words[1]);
                yield failures < maxAttempts
                        ? new Fate(failures + 1, Optional.empty())
                        : exhausted(maxAttempts);
            }
            case "poison", "hang" -> exhausted(maxAttempts);
            case "never" -> new Fate(1, Optional.of("NonRetryable"));
            case "big" -> new Fate(1, Optional.of("MaximumPayloadSizeExceeded"));
            default -> new Fate(1, Optional.empty());
        };
    }

    private static Fate exhausted(int maxAttempts) {
        return new Fate(maxAttempts, Optional.of("RetryAttemptsExhausted"));
    }
}
