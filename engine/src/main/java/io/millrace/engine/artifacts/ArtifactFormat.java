package io.millrace.engine.artifacts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The records of the code topic. A package is cut into chunks of {@link #CHUNK_BYTES}, the last one
 * being shorter; chunk n has the key {@code <sha256>/n}. Its manifest has the key {@code
 * <sha256>/manifest} and is written last: without it the package is not there.
 */
final class ArtifactFormat {
    /** Below the size of record that every broker takes by default. */
    static final int CHUNK_BYTES = 900_000;

    /** Lambda's bound on an unpacked package. */
    static final long MAX_BYTES = 250L * 1024 * 1024;

    private static final String MANIFEST = "manifest";
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private ArtifactFormat() {}

    /** Size of a package in bytes and number of its chunks. */
    record Manifest(long size, int chunks) {
        static Manifest ofSize(long size) {
            return new Manifest(size, (int) ((size + CHUNK_BYTES - 1) / CHUNK_BYTES));
        }

        /** Whether the numbers belong together. */
        boolean isSound() {
            return size > 0 && size <= MAX_BYTES && equals(ofSize(size));
        }

        int chunkSize(int chunk) {
            return (int) Math.min(CHUNK_BYTES, size - (long) chunk * CHUNK_BYTES);
        }
    }

    /** Which part of a package a record is. */
    sealed interface Part {
        record Chunk(int number) implements Part {}

        record ManifestPart() implements Part {}
    }

    /** The part of the package that a record holds; empty for a record of something else. */
    static Optional<Part> part(ConsumerRecord<byte[], byte[]> record, String sha256) {
        if (record.key() == null) {
            return Optional.empty();
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (!key.startsWith(sha256 + "/")) {
            return Optional.empty();
        }
        String name = key.substring(sha256.length() + 1);
        if (name.equals(MANIFEST)) {
            return Optional.of(new Part.ManifestPart());
        }
        int maxDigits = 4;
        boolean isNumber = !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber && name.length() <= maxDigits
                ? Optional.of(new Part.Chunk(Integer.parseInt(name)))
                : Optional.empty();
    }

    /** The manifest in a record's value; empty if it is none. */
    static Optional<Manifest> manifest(byte[] value) {
        try {
            return Optional.of(JSON.readValue(value, Manifest.class)).filter(Manifest::isSound);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    static ProducerRecord<byte[], byte[]> chunkRecord(
            String topic, String sha256, int number, byte[] bytes) {
        return new ProducerRecord<>(topic, key(sha256, "" + number), bytes);
    }

    static ProducerRecord<byte[], byte[]> manifestRecord(
            String topic, String sha256, Manifest manifest) {
        try {
            byte[] value = JSON.writeValueAsBytes(manifest);
            return new ProducerRecord<>(topic, key(sha256, MANIFEST), value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("two numbers can always be written", e);
        }
    }

    private static byte[] key(String sha256, String part) {
        return (sha256 + "/" + part).getBytes(StandardCharsets.UTF_8);
    }
}
