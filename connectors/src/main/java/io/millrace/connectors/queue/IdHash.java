package io.millrace.connectors.queue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The first 96 bits of the SHA-256 of a message id.
 *
 * <p>Among a million remembered ids a new one meets an equal hash with a chance of
 * 10<sup>-23</sup>.
 */
record IdHash(long high, int low) {
    static final int BYTES = Long.BYTES + Integer.BYTES;

    static IdHash of(String messageId) {
        try {
            return read(
                    ByteBuffer.wrap(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(messageId.getBytes(StandardCharsets.UTF_8))));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }

    static IdHash read(ByteBuffer from) {
        return new IdHash(from.getLong(), from.getInt());
    }

    void write(ByteBuffer to) {
        to.putLong(high).putInt(low);
    }
}
