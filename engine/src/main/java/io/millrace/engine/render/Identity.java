package io.millrace.engine.render;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Ids that AWS makes up and we derive: the same event has the same ones in every attempt, on every
 * node, and, where its source gave it an id, in every topic it is copied to.
 */
record Identity(String name) {
    /** In the form of a UUID. */
    UUID uuid() {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    /** 32 digits. */
    String hex() {
        return md5(name.getBytes(StandardCharsets.UTF_8));
    }

    static String md5(byte[] bytes) {
        return HexFormat.of().formatHex(digest(bytes));
    }

    /** AWS's own checksum in its events; it protects nothing. */
    static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no MD5", e);
        }
    }
}
