package io.millrace.it.prove.core;

import java.util.Arrays;
import java.util.List;

/**
 * One call of a handler, as the handler itself wrote it down. A call that was cut short by a crash
 * is not there.
 *
 * @param startNanos of the machine's clock that all its processes share
 * @param bytes of all values together
 */
record Call(
        long startNanos,
        long endNanos,
        int attempt,
        int partition,
        List<Long> offsets,
        List<String> values,
        long bytes) {
    Call {
        offsets = List.copyOf(offsets);
        values = List.copyOf(values);
    }

    /** Reads a line of the journal: see {@link Functions}. */
    static Call parse(String line) {
        String[] parts = line.split("\t", -1);
        return new Call(
                Long.parseLong(parts[0]),
                Long.parseLong(parts[1]),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]),
                Arrays.stream(parts[4].split(",", -1)).map(Long::valueOf).toList(),
                Arrays.asList(parts[5].split(",", -1)),
                Long.parseLong(parts[6]));
    }
}
