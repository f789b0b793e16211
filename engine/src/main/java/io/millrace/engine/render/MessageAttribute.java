package io.millrace.engine.render;

import io.millrace.engine.model.Payload;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;

/**
 * An attribute of a message as SQS and SNS have it.
 *
 * @param type String, Number or Binary, perhaps with a dot and a name of its own behind it
 */
record MessageAttribute(String type, Payload value) {
    private static final String STRING = "String";
    private static final String BINARY = "Binary";

    static MessageAttribute text(String value) {
        return new MessageAttribute(STRING, Payload.of(value));
    }

    /** What is no text is binary. */
    static MessageAttribute of(Payload value) {
        return new MessageAttribute(Texts.utf8(value.bytes()).isPresent() ? STRING : BINARY, value);
    }

    boolean isBinary() {
        return type.equals(BINARY) || type.startsWith(BINARY + ".");
    }

    /** The checksum that SQS gives with the attributes of a message (EVT-8). */
    static String md5(SortedMap<String, MessageAttribute> attributes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Map.Entry<String, MessageAttribute> attribute : attributes.entrySet()) {
            put(out, attribute.getKey().getBytes(StandardCharsets.UTF_8));
            put(out, attribute.getValue().type().getBytes(StandardCharsets.UTF_8));
            out.write(attribute.getValue().isBinary() ? 2 : 1);
            put(out, attribute.getValue().value().bytes());
        }
        return Identity.md5(out.toByteArray());
    }

    private static void put(ByteArrayOutputStream out, byte[] bytes) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        out.writeBytes(bytes);
    }
}
