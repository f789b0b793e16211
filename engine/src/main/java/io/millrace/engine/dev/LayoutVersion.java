package io.millrace.engine.dev;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The version of how a data directory is laid out, written in it. */
final class LayoutVersion {
    private static final String FILE = "layout-version";
    private static final String CURRENT = "1";

    private LayoutVersion() {}

    /** Writes the version into a new directory; refuses one of another version. */
    static void check(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                Files.writeString(file, CURRENT + "\n");
                return;
            }
            String found = Files.readString(file).strip();
            if (!found.equals(CURRENT)) {
                throw new MillraceException(
                        ErrorCode.INVALID,
                        "data directory '"
                                + directory
                                + "' has layout version '"
                                + found
                                + "', this Millrace reads version "
                                + CURRENT
                                + "; use the Millrace that made it, or another directory");
            }
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DENIED, "file '" + file + "' cannot be used: " + e.getMessage(), e);
        }
    }
}
