package io.millrace.engine.dev;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Directories that hold data: makes them, or says in one line why they cannot be used. */
final class DataDirectory {
    private DataDirectory() {}

    /** Makes the directory where it is missing; DENIED when nothing can be written in it. */
    static Path ready(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
        } catch (FileAlreadyExistsException e) {
            throw denied(path, "there is a file of that name", e);
        } catch (IOException e) {
            throw denied(path, "it cannot be made (" + reason(e) + ")", e);
        }
        // Root passes every permission check and a read-only mount is seen only by writing.
        try {
            Files.delete(Files.createTempFile(path, ".write-check", ""));
        } catch (IOException e) {
            throw denied(path, "it cannot be written (" + reason(e) + ")", e);
        }
        return path;
    }

    /** Whether something can be written in it now. */
    static boolean isUsable(Path directory) {
        try {
            Files.delete(Files.createTempFile(directory, ".write-check", ""));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static MillraceException denied(Path path, String found, IOException cause) {
        return new MillraceException(
                ErrorCode.DENIED,
                "directory '"
                        + path
                        + "' cannot hold data: "
                        + found
                        + "; choose a directory you may write",
                cause);
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
    }
}
