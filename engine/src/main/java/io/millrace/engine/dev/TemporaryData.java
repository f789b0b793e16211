package io.millrace.engine.dev;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * A data directory: one that the user named and that stays, or one that is thrown away when it is
 * closed.
 */
public final class TemporaryData implements AutoCloseable {
    private final Path directory;
    private final boolean isKept;

    private TemporaryData(Path directory, boolean isKept) {
        this.directory = directory;
        this.isKept = isKept;
    }

    /**
     * The named directory, which stays, or else a new one for the time being; IN_USE when another
     * process has it, whose files then stay as they are.
     */
    public static TemporaryData of(Optional<Path> named) {
        if (named.isPresent()) {
            Path directory = DataDirectory.ready(named.get());
            DirectoryLock.take(directory).close();
            return new TemporaryData(directory, true);
        }
        try {
            return new TemporaryData(Files.createTempDirectory("millrace-"), false);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DENIED,
                    "no temporary directory can be made: " + e.getMessage() + "; give --data DIR",
                    e);
        }
    }

    public Path directory() {
        return directory;
    }

    public boolean isKept() {
        return isKept;
    }

    @Override
    public void close() {
        if (isKept || !Files.exists(directory)) {
            return;
        }
        try {
            Files.walkFileTree(directory, new Deletion());
        } catch (IOException e) {
            // Made here: a logger of the class would exist before the log file's place is known.
            Logger log = LoggerFactory.getLogger(TemporaryData.class);
            log.warn("temporary directory '{}' was not removed: {}", directory, e.getMessage());
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
