package io.millrace.engine.manifest;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What is wrong with one manifest, collected so that it can be told at once. One thread. */
final class Problems {
    private final List<Problem> found = new ArrayList<>();

    private record Problem(int line, String text) {}

    void add(int line, String text) {
        found.add(new Problem(line, text));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** Throws everything that was found, in the order of the lines. */
    void raise(Path file) {
        if (found.isEmpty()) {
            return;
        }
        String all =
                found.stream()
                        .sorted(Comparator.comparingInt(Problem::line))
                        .map(problem -> "line " + problem.line() + ": " + problem.text())
                        .distinct()
                        .collect(Collectors.joining("; "));
        throw new MillraceException(
                ErrorCode.INVALID, "manifest '" + file + "' is not allowed: " + all);
    }
}
