package io.millrace.engine.sink;

import io.millrace.engine.model.FunctionName;
import io.millrace.engine.model.Header;
import io.millrace.schemas.EventHeaders;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How often each function has run in the chain of events that led to an event; carried in the
 * header {@value EventHeaders#LINEAGE} as {@code function:count,...}, so that functions that feed
 * each other do not go on for ever (REC-1, DEF-24).
 *
 * <ul>
 *   <li>The {@value #MAX_DEPTH}th run of a function in a chain takes place, the next one does not.
 *   <li>At most {@value #MAX_FUNCTIONS} functions and {@value #MAX_LENGTH} bytes are kept.
 *       Functions for which there is no room are counted together under {@code *}: a loop is found
 *       in any case, though a chain of so many functions may be stopped early.
 *   <li>An event without the header that names its function has begun a chain with it.
 *   <li>What does not look like a count is passed over; if a function is named more than once, the
 *       largest count holds. A header cannot make it throw.
 * </ul>
 *
 * <p>Immutable.
 */
public final class Lineage {
    /** Runs of one function in one chain. */
    public static final int MAX_DEPTH = 16;

    private static final int MAX_FUNCTIONS = 32;
    private static final int MAX_LENGTH = 2_048;
    private static final int MAX_NAME = 64;
    private static final int MAX_COUNT = 9_999;
    private static final String OTHERS = "*";

    /** What {@link #OTHERS} needs at most: a comma, the name, a colon, the count. */
    private static final int RESERVE = 7;

    private static final Lineage NONE = new Lineage(Map.of());

    private final Map<String, Integer> counts;

    private Lineage(Map<String, Integer> counts) {
        this.counts = counts;
    }

    /** Reads the lineage of an event; empty if it begins a chain. */
    public static Lineage of(List<Header> headers) {
        if (headers.isEmpty()) {
            return NONE;
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Header header : headers) {
            if (header.key().equals(EventHeaders.LINEAGE) && header.value().size() <= MAX_LENGTH) {
                read(header.value().text(), counts);
            }
        }
        if (counts.isEmpty()) {
            beginner(headers).ifPresent(function -> counts.put(function, 1));
        }
        return counts.isEmpty() ? NONE : new Lineage(counts);
    }

    /** The function that wrote the event, which is the whole chain if it does not say more. */
    private static Optional<String> beginner(List<Header> headers) {
        return headers.stream()
                .filter(header -> header.key().equals(EventHeaders.FUNCTION))
                .map(header -> header.value().text())
                .filter(Lineage::isName)
                .findFirst();
    }

    public boolean isEmpty() {
        return counts.isEmpty();
    }

    private static void read(String text, Map<String, Integer> counts) {
        for (String entry : text.split(",", -1)) {
            int colon = entry.indexOf(':');
            if (colon <= 0 || !isName(entry.substring(0, colon))) {
                continue;
            }
            int count = countOf(entry.substring(colon + 1));
            if (count > 0) {
                add(counts, entry.substring(0, colon), count);
            }
        }
    }

    private static void add(Map<String, Integer> counts, String function, int count) {
        String name = hasRoomFor(counts, function) ? function : OTHERS;
        counts.merge(name, count, Math::max);
    }

    private static boolean isName(String name) {
        if (name.length() > MAX_NAME) {
            return false;
        }
        return name.equals(OTHERS)
                || name.chars()
                        .allMatch(c ->
                                (c >= 'a' && c <= 'z')
                                        || (c >= 'A' && c <= 'Z')
                                        || (c >= '0' && c <= '9')
                                        || c == '-'
                                        || c == '_');
    }

    /** The count, 0 if it is none. */
    private static int countOf(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return text.length() > 4 ? MAX_COUNT : Integer.parseInt(text);
    }

    /** Room for a new function beside {@link #OTHERS}, with the longest count of every function. */
    private static boolean hasRoomFor(Map<String, Integer> counts, String function) {
        if (counts.containsKey(function) || function.equals(OTHERS)) {
            return true;
        }
        int functions = counts.size() - (counts.containsKey(OTHERS) ? 1 : 0);
        int length = RESERVE + entryLength(function);
        for (String name : counts.keySet()) {
            length += name.equals(OTHERS) ? 0 : entryLength(name);
        }
        return functions < MAX_FUNCTIONS && length <= MAX_LENGTH;
    }

    private static int entryLength(String function) {
        return function.length() + 6;
    }

    /** How often the function has run in the chain before. */
    public int depthOf(FunctionName function) {
        return counts.getOrDefault(nameOf(function), 0);
    }

    private String nameOf(FunctionName function) {
        return hasRoomFor(counts, function.value()) ? function.value() : OTHERS;
    }

    /** Whether the function must not run on this event: it would be once too often. */
    public boolean stops(FunctionName function) {
        return depthOf(function) >= MAX_DEPTH;
    }

    /** The lineage of what the function writes when it has run on this event. */
    public Lineage after(FunctionName function) {
        Map<String, Integer> more = new LinkedHashMap<>(counts);
        more.merge(nameOf(function), 1, (a, b) -> Math.min(a + b, MAX_COUNT));
        return new Lineage(more);
    }

    /** The header that carries this on; of an empty lineage it is empty too. */
    public Header header() {
        return Header.of(EventHeaders.LINEAGE, toString());
    }

    /** {@code function:count,...} in the order in which the functions first ran. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        counts.forEach((function, count) -> {
            if (!text.isEmpty()) {
                text.append(',');
            }
            text.append(function).append(':').append(count);
        });
        return text.toString();
    }
}
