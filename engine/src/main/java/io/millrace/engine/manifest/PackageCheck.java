package io.millrace.engine.manifest;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Says before a deployment whether a package can be run. */
@FunctionalInterface
public interface PackageCheck {
    /**
     * Checks that the handler is in the package and can be called by every trigger.
     *
     * @throws MillraceException naming the class and what is wrong with it
     */
    void verify(Manifest manifest);

    /** Refuses what is missing, unreadable or no jar. */
    static void requireJar(Path code) {
        if (!Files.exists(code)) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND,
                    "code '" + code + "' does not exist; build the function first");
        }
        if (!Files.isRegularFile(code)) {
            throw new MillraceException(
                    ErrorCode.INVALID, "code '" + code + "' is no file; allowed: a jar");
        }
        if (!Files.isReadable(code)) {
            throw new MillraceException(
                    ErrorCode.DENIED, "code '" + code + "' cannot be read: no permission");
        }
        try (ZipFile jar = new ZipFile(code.toFile())) {
            if (jar.size() == 0) {
                throw new MillraceException(
                        ErrorCode.INVALID, "code '" + code + "' is an empty jar");
            }
        } catch (ZipException e) {
            throw new MillraceException(
                    ErrorCode.INVALID, "code '" + code + "' is not a jar: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DENIED, "code '" + code + "' cannot be read: " + e, e);
        }
    }
}
