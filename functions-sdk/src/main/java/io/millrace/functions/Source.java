package io.millrace.functions;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where an event lies in Kafka, and what its record carries beside the value. Immutable: arrays
 * handed out are copies.
 */
public interface Source {
    /** The source topic. */
    String topic();

    /** The partition, from 0. */
    int partition();

    /** The offset in the partition. */
    long offset();

    /** The record's timestamp, in milliseconds. */
    Instant timestamp();

    /** The record's key, empty if it has none. */
    Optional<byte[]> key();

    /** The record's headers in their order; a name may occur several times. */
    List<Header> headers();

    /** The record's key read as UTF-8. */
    default Optional<String> keyText() {
        return key().map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** The last header of this name, which is the one that counts in Kafka. */
    default Optional<Header> header(String name) {
        List<Header> all = headers(name);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** All headers of this name in their order. */
    default List<Header> headers(String name) {
        return headers().stream().filter(header -> header.name().equals(name)).toList();
    }

    /** One header of a record. */
    interface Header {
        /** The name, may be empty. */
        String name();

        /** The value, empty if the header has none. */
        Optional<byte[]> value();

        /** The value read as UTF-8. */
        default Optional<String> text() {
            return value().map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
