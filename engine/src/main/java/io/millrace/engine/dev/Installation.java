package io.millrace.engine.dev;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the parts of a built Millrace lie that are no classes of the engine.
 *
 * @param home the folder with the launcher
 */
public record Installation(Path home) {
    /**
     * Found from where this class was loaded: {@code engine/target/classes} and the jar beside it
     * have the same parent.
     */
    public static Installation find() {
        try {
            Path classes =
                    Path.of(
                            Installation.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            Path target = parent(classes);
            return new Installation(parent(parent(target)));
        } catch (URISyntaxException e) {
            throw new MillraceException(
                    ErrorCode.FAILED, "the place of Millrace's classes cannot be read", e);
        }
    }

    /** The object store with all it needs, in one jar. */
    Path objectStoreJar() {
        return existing(home.resolve("engine/target/object-store/s3proxy.jar"));
    }

    /** Folders for the worker's {@code plugin.path}: our connectors, and Debezium's where built. */
    List<Path> connectPlugins() {
        List<Path> folders = new ArrayList<>();
        folders.add(existing(home.resolve("connectors/target/plugin")));
        for (String database : List.of("postgres", "mariadb", "mysql")) {
            Path folder = home.resolve("connectors/tables/" + database + "/target/plugin");
            if (Files.isDirectory(folder)) {
                folders.add(folder);
            }
        }
        return folders;
    }

    /** Folder of the example that makes thumbnails of pictures. */
    public Path thumbnailExample() {
        return existing(home.resolve("functions-sdk/examples/thumbnail"));
    }

    private static Path existing(Path path) {
        if (Files.exists(path)) {
            return path;
        }
        throw new MillraceException(
                ErrorCode.NOT_FOUND,
                "'" + path + "' is missing; build it with './mvnw -Dmaven.test.skip=true package'");
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND,
                    "Millrace's classes lie in '" + path + "', outside of an installation");
        }
        return parent;
    }
}
