package io.millrace.engine.artifacts;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.cluster.KafkaFailures;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.time.TimeSource;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Puts packages into the code topic.
 *
 * <p>Only what is missing or damaged there is written, chunks before the manifest: repeating a call
 * writes nothing, and finishes or repairs what an earlier one left behind. Threading: one thread.
 */
public final class ArtifactPublisher implements AutoCloseable {
    private final Cluster cluster;
    private final String topic;
    private final CodeTopicScan scan;
    private final Producer<byte[], byte[]> producer;

    public ArtifactPublisher(Cluster cluster, TopicNames names, TimeSource time) {
        this.cluster = cluster;
        this.topic = names.code();
        this.scan = new CodeTopicScan(cluster, topic, time);
        this.producer = cluster.producer("millrace-code-publisher");
    }

    /** Refuses a package that is too large or empty. */
    public static void requireSize(Path file) {
        try {
            var _ = sizeOf(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Publishes the file and gives its digest. */
    public String publish(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            Comparison found = new Comparison(channel, sizeOf(file));
            String sha256 = ArtifactDigest.of(file);
            scan.run(sha256, found);
            if (!found.isComplete()) {
                writeMissing(sha256, found);
            }
            return sha256;
        } catch (IOException | UncheckedIOException e) {
            throw unreadable(file, e);
        }
    }

    @Override
    public void close() {
        producer.close(Cluster.CALL_TIMEOUT);
    }

    private void writeMissing(String sha256, Comparison found) {
        List<Future<?>> sent = new ArrayList<>();
        for (int chunk = 0; chunk < found.manifest.chunks(); chunk++) {
            if (!found.same.get(chunk)) {
                byte[] bytes = found.bytes(chunk);
                send(ArtifactFormat.chunkRecord(topic, sha256, chunk, bytes), sent);
            }
        }
        awaitAll(sent);
        send(ArtifactFormat.manifestRecord(topic, sha256, found.manifest), sent);
        awaitAll(sent);
    }

    private void send(ProducerRecord<byte[], byte[]> record, List<Future<?>> sent) {
        try {
            sent.add(producer.send(record));
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    private void awaitAll(List<Future<?>> sent) {
        try {
            for (Future<?> result : sent) {
                result.get();
            }
            sent.clear();
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            throw KafkaFailures.interrupted("cannot write code to topic '" + topic + "'");
        }
    }

    private MillraceException failure(Exception e) {
        return KafkaFailures.of(cluster, "cannot write code to topic '" + topic + "'", e);
    }

    private static long sizeOf(Path file) throws IOException {
        long size = Files.size(file);
        if (size < 1 || size > ArtifactFormat.MAX_BYTES) {
            throw MillraceException.invalid(
                    "size of package",
                    file + "' of '" + size + " bytes",
                    "1 to " + ArtifactFormat.MAX_BYTES + " bytes");
        }
        return size;
    }

    private static MillraceException unreadable(Path file, Exception e) {
        return new MillraceException(
                ErrorCode.DENIED, "cannot read package '" + file + "': " + e.getMessage(), e);
    }

    /** Which chunks of the topic are the file's. */
    private static final class Comparison implements CodeTopicScan.Collector {
        private final FileChannel channel;
        private final ArtifactFormat.Manifest manifest;
        private final BitSet same = new BitSet();
        private boolean hasManifest;

        Comparison(FileChannel channel, long size) {
            this.channel = channel;
            this.manifest = ArtifactFormat.Manifest.ofSize(size);
        }

        @Override
        public void chunk(int number, Optional<byte[]> bytes) {
            same.set(
                    number,
                    number < manifest.chunks()
                            && bytes.isPresent()
                            && Arrays.equals(bytes.get(), bytes(number)));
        }

        @Override
        public void manifest(Optional<ArtifactFormat.Manifest> found) {
            hasManifest = found.isPresent() && found.get().equals(manifest);
        }

        @Override
        public boolean isComplete() {
            return hasManifest && same.nextClearBit(0) >= manifest.chunks();
        }

        byte[] bytes(int chunk) {
            ByteBuffer buffer = ByteBuffer.allocate(manifest.chunkSize(chunk));
            try {
                long at = (long) chunk * ArtifactFormat.CHUNK_BYTES;
                while (buffer.hasRemaining()) {
                    int read = channel.read(buffer, at + buffer.position());
                    if (read < 0) {
                        throw new IOException("the file became shorter while it was read");
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return buffer.array();
        }
    }
}
