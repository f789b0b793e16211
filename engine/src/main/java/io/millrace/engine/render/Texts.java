package io.millrace.engine.render;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Bytes that may be text. */
final class Texts {
    private Texts() {}

    /** The bytes as UTF-8; nothing if they are none. */
    static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The bytes as UTF-8, or as base64 if they are none. */
    static String utf8OrBase64(byte[] bytes) {
        return utf8(bytes).orElseGet(() -> base64(bytes));
    }
}
