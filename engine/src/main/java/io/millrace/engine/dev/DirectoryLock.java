package io.millrace.engine.dev;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right of one process to a data directory. The operating system takes it back when the process
 * ends, however it ends; the file stays.
 */
final class DirectoryLock implements AutoCloseable {
    static final String FILE = ".millrace.lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the directory, which exists; IN_USE when another process, or this one, has it. */
    static DirectoryLock take(Path directory) {
        FileChannel channel = null;
        try {
            channel =
                    FileChannel.open(
                            directory.resolve(FILE),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return new DirectoryLock(channel);
            }
        } catch (OverlappingFileLockException e) {
            closeQuietly(channel);
            throw inUse(directory, e);
        } catch (IOException e) {
            closeQuietly(channel);
            throw new MillraceException(
                    ErrorCode.DENIED,
                    "directory '" + directory + "' cannot be locked: " + e.getMessage(),
                    e);
        }
        closeQuietly(channel);
        throw inUse(directory, new IllegalStateException("locked by another process"));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MillraceException inUse(Path directory, Exception cause) {
        return new MillraceException(
                ErrorCode.IN_USE,
                "directory '"
                        + directory
                        + "' is in use by another millrace process; stop it or choose another one"
                        + " with --data",
                cause);
    }
}
