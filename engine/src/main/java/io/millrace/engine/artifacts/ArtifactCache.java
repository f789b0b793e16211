package io.millrace.engine.artifacts;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The packages this node has fetched, as read-only files below its state folder, named by digest.
 *
 * <ul>
 *   <li>A file that is there is whole: it is moved into place after its digest was checked, and
 *       checked again when it is first used after a start.
 *   <li>A package is fetched once, however many ask for it at the same time. A failure is not kept.
 * </ul>
 *
 * <p>Threading: any thread; a fetch blocks its caller.
 */
public final class ArtifactCache {
    private static final String PART = ".part";

    private final ArtifactReader reader;
    private final Path folder;
    private final ConcurrentHashMap<String, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final Set<String> checked = ConcurrentHashMap.newKeySet();

    /** Opens the folder {@code code} below the state folder and clears away unfinished files. */
    public ArtifactCache(ArtifactReader reader, Path stateDir) {
        this.reader = reader;
        this.folder = stateDir.resolve("code");
        try {
            Files.createDirectories(folder);
            try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*" + PART)) {
                for (Path part : parts) {
                    Files.deleteIfExists(part);
                }
            }
        } catch (IOException e) {
            throw failure("cannot use folder '" + folder + "' for code", e);
        }
    }

    /**
     * The file of a package, fetched from the code topic if it is not here yet.
     *
     * @throws MillraceException NOT_FOUND if no such package was published, FAILED if it is
     *     damaged, UNAVAILABLE if it cannot be read in time
     */
    public Path fetch(String sha256) {
        Path file = folder.resolve(ArtifactDigest.checked(sha256) + ".jar");
        if (checked.contains(sha256) && Files.exists(file)) {
            return file;
        }
        ReentrantLock lock = locks.computeIfAbsent(sha256, _ -> new ReentrantLock());
        lock.lock();
        try {
            if (!isWhole(sha256, file)) {
                read(sha256, file);
            }
            checked.add(sha256);
            return file;
        } catch (IOException e) {
            throw failure("cannot keep code '" + sha256 + "' in folder '" + folder + "'", e);
        } finally {
            lock.unlock();
        }
    }

    private boolean isWhole(String sha256, Path file) throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        return checked.contains(sha256) || ArtifactDigest.of(file).equals(sha256);
    }

    private void read(String sha256, Path file) throws IOException {
        Path part = Files.createTempFile(folder, sha256, PART);
        try {
            reader.read(sha256, part);
            if (!part.toFile().setReadOnly()) {
                throw new IOException("cannot make it read-only");
            }
            Files.move(
                    part,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static MillraceException failure(String what, IOException e) {
        return new MillraceException(
                ErrorCode.DENIED,
                what + ": " + e.getClass().getSimpleName() + ": " + e.getMessage(),
                e);
    }
}
