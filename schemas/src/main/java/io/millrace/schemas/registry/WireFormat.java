package io.millrace.schemas.registry;

import org.apache.kafka.common.errors.SerializationException;

import java.nio.ByteBuffer;

/**
 * Confluent's framing of a record: one zero byte, the schema's id as four bytes (big endian), the
 * Avro binary form. Threading: any thread.
 */
public final class WireFormat {
    /** Bytes in front of the Avro form. */
    public static final int HEADER_SIZE = 5;

    private static final byte MAGIC = 0;

    private WireFormat() {}

    /**
     * Whether these bytes may be framed. Other bytes can look framed too: only the registry tells
     * whether the id exists.
     */
    public static boolean isFramed(byte[] bytes) {
        return bytes.length >= HEADER_SIZE && bytes[0] == MAGIC;
    }

    /** Puts the header in front of an Avro binary form. */
    public static byte[] frame(int id, byte[] avro) {
        return ByteBuffer.allocate(HEADER_SIZE + avro.length)
                .put(MAGIC)
                .putInt(id)
                .put(avro)
                .array();
    }

    /** The id in front of framed bytes. */
    public static int id(byte[] framed) {
        requireFramed(framed);
        return ByteBuffer.wrap(framed).getInt(1);
    }

    /** A read-only view of the Avro form behind the header. */
    public static ByteBuffer unframe(byte[] framed) {
        requireFramed(framed);
        return ByteBuffer.wrap(framed, HEADER_SIZE, framed.length - HEADER_SIZE)
                .slice()
                .asReadOnlyBuffer();
    }

    private static void requireFramed(byte[] bytes) {
        if (!isFramed(bytes)) {
            String first = bytes.length == 0 ? "" : " beginning with byte " + bytes[0];
            throw new SerializationException(
                    "not in the schema registry's wire format: "
                            + bytes.length
                            + " bytes"
                            + first
                            + "; expected a zero byte and a schema id of 4 bytes");
        }
    }
}
