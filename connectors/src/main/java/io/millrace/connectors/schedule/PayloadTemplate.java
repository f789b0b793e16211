package io.millrace.connectors.schedule;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The payload of a schedule, with places for what a tick knows. What is put there is escaped as
 * text within JSON. Threading: any thread.
 */
record PayloadTemplate(String text) {
    /** As large as EventBridge's. */
    static final int MAX_BYTES = 256 * 1024;

    static final String ARN = "<aws.scheduler.schedule-arn>";
    static final String TIME = "<aws.scheduler.scheduled-time>";
    static final String EXECUTION = "<aws.scheduler.execution-id>";
    static final String ATTEMPT = "<aws.scheduler.attempt-number>";

    private static final Set<String> KNOWN = new TreeSet<>(Set.of(ARN, TIME, EXECUTION, ATTEMPT));
    private static final Pattern PLACE = Pattern.compile("<aws\\.scheduler\\.[^<>\"\\s]*>");

    /**
     * Checks it.
     *
     * @throws IllegalArgumentException it is too large, or a place is not known
     */
    static PayloadTemplate of(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("it has " + bytes + " bytes; allowed: " + MAX_BYTES);
        }
        Matcher place = PLACE.matcher(text);
        while (place.find()) {
            if (!KNOWN.contains(place.group())) {
                throw new IllegalArgumentException(
                        "'" + place.group() + "' is not known; allowed: " + KNOWN);
            }
        }
        return new PayloadTemplate(text);
    }

    /** Fills the places. */
    String fill(Function<String, String> facts) {
        return PLACE.matcher(text)
                .replaceAll(place -> Matcher.quoteReplacement(escaped(facts.apply(place.group()))));
    }

    private static String escaped(String value) {
        StringBuilder json = new StringBuilder(value.length());
        value.chars()
                .forEach(c -> {
                    if (c == '"' || c == '\\') {
                        json.append('\\').append((char) c);
                    } else if (c < 0x20) {
                        json.append(String.format("\\u%04x", c));
                    } else {
                        json.append((char) c);
                    }
                });
        return json.toString();
    }
}
