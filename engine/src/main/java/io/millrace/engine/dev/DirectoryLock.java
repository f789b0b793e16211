package io.millrace.engine.dev;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right of one owner to a data directory. The operating system takes it back when the process
 * ends, however it ends; the file stays. Threading: any thread.
 */
final class DirectoryLock implements AutoCloseable {
    static final String FILE = ".millrace.lock";

    /**
     * Directories that this JVM has. The file must not be opened a second time: closing it would
     * release the lock, which belongs to the process and not to the channel.
     */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** Takes the directory, which exists; IN_USE when somebody has it, this process included. */
    static DirectoryLock take(Path wanted) {
        Path directory = real(wanted);
        if (!OURS.add(directory)) {
            throw inUse(wanted);
        }
        try {
            return new DirectoryLock(directory, locked(wanted).orElseThrow(() -> inUse(wanted)));
        } catch (RuntimeException e) {
            OURS.remove(directory);
            throw e;
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            OURS.remove(directory);
        }
    }

    private static Optional<FileChannel> locked(Path directory) {
        try {
            FileChannel channel =
                    FileChannel.open(
                            directory.resolve(FILE),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return Optional.of(channel);
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DENIED,
                    "directory '" + directory + "' cannot be locked: " + e.getMessage(),
                    e);
        }
    }

    private static Path real(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DENIED,
                    "directory '" + directory + "' cannot be used: " + e.getMessage(),
                    e);
        }
    }

    private static MillraceException inUse(Path directory) {
        return new MillraceException(
                ErrorCode.IN_USE,
                "directory '"
                        + directory
                        + "' is in use by another millrace process; stop it or choose another"
                        + " directory");
    }
}
