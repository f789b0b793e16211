package io.millrace.connectors.objectstore;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Entity tag, size and time of an object as 64 bits of SHA-256: a changed object is overlooked with
 * probability 2^-64, and nobody can choose objects that make it likely.
 *
 * <p>Threading: the task thread only.
 */
final class StateHash {
    private final MessageDigest sha256;

    StateHash() {
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }

    long of(StoredObject object) {
        String state =
                object.eTag() + '\n' + object.size() + '\n' + object.lastModified().toEpochMilli();
        byte[] digest = sha256.digest(state.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.wrap(digest).getLong();
    }
}
