package io.millrace.it.prove;

import java.util.List;
import java.util.Objects;

/** One thing that was looked at. */
public record Check(String name, String expected, String found, boolean passed) {
    private static final int MAX_SHOWN = 5;

    /** Passes when both are equal. */
    public static Check equal(String name, Object expected, Object found) {
        return new Check(
                name,
                String.valueOf(expected),
                String.valueOf(found),
                Objects.equals(expected, found));
    }

    /** Passes when nothing contradicts it; otherwise the first contradictions are shown. */
    public static Check none(String name, String expected, List<String> contradictions) {
        if (contradictions.isEmpty()) {
            return new Check(name, expected, expected, true);
        }
        String shown = String.join("; ", contradictions.stream().limit(MAX_SHOWN).toList());
        int more = contradictions.size() - MAX_SHOWN;
        return new Check(name, expected, more > 0 ? shown + "; " + more + " more" : shown, false);
    }

    /** The same check, of one of several looks. */
    public Check during(String look) {
        return new Check(look + ": " + name, expected, found, passed);
    }
}
