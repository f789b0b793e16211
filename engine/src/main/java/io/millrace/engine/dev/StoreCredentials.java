package io.millrace.engine.dev;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Properties;
import java.util.random.RandomGenerator;

/**
 * Access key and secret key of the embedded object store; made once for a data directory and kept
 * in a file that only its owner may read.
 */
public record StoreCredentials(String accessKey, String secretKey) {
    private static final String FILE = "s3-credentials.properties";
    private static final String ACCESS_KEY = "aws_access_key_id";
    private static final String SECRET_KEY = "aws_secret_access_key";

    static Path file(Path dataDirectory) {
        return dataDirectory.resolve(FILE);
    }

    /** Those of the directory; new ones where it has none. */
    static StoreCredentials of(Path dataDirectory, RandomGenerator random) {
        Path file = file(dataDirectory);
        try {
            return Files.exists(file) ? read(file) : make(file, random);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.DENIED,
                    "credentials file '" + file + "' cannot be used: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public String toString() {
        return "StoreCredentials[" + accessKey + "]";
    }

    private static StoreCredentials read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        String access = properties.getProperty(ACCESS_KEY, "");
        String secret = properties.getProperty(SECRET_KEY, "");
        if (access.isBlank() || secret.isBlank()) {
            throw new MillraceException(
                    ErrorCode.INVALID,
                    "credentials file '"
                            + file
                            + "' lacks "
                            + ACCESS_KEY
                            + " or "
                            + SECRET_KEY
                            + "; delete it to have new ones made");
        }
        return new StoreCredentials(access, secret);
    }

    private static StoreCredentials make(Path file, RandomGenerator random) throws IOException {
        var made = new StoreCredentials("MILLRACE" + hex(random, 6), hex(random, 20));
        Properties properties = new Properties();
        properties.setProperty(ACCESS_KEY, made.accessKey());
        properties.setProperty(SECRET_KEY, made.secretKey());
        if (Files.getFileStore(file.toAbsolutePath().getParent())
                .supportsFileAttributeView("posix")) {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        }
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, "Credentials of the embedded object store");
        }
        return made;
    }

    private static String hex(RandomGenerator random, int bytes) {
        byte[] chosen = new byte[bytes];
        random.nextBytes(chosen);
        return HexFormat.of().withUpperCase().formatHex(chosen);
    }
}
