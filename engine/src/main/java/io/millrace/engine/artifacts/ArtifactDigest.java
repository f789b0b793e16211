package io.millrace.engine.artifacts;

import io.millrace.engine.model.MillraceException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** SHA-256 of a package as lower-case hex, which is its name in the code topic. */
final class ArtifactDigest {
    private static final Pattern ALLOWED = Pattern.compile("[0-9a-f]{64}");

    private ArtifactDigest() {}

    /** Refuses what is no digest; it becomes part of a file name. */
    static String checked(String sha256) {
        if (!ALLOWED.matcher(sha256).matches()) {
            throw MillraceException.invalid(
                    "code digest", sha256, "SHA-256 as 64 lower-case hexadecimal digits");
        }
        return sha256;
    }

    static String of(Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[64 * 1024];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
