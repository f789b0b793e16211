package io.millrace.engine.artifacts;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.TopicNames;
import io.millrace.engine.time.TimeSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Optional;

/**
 * Puts a package together from its chunks in the code topic.
 *
 * <p>Reads the topic from its beginning; fetched packages are kept by {@link ArtifactCache}.
 * Threading: any thread.
 */
public final class ArtifactReader {
    private final CodeTopicScan scan;
    private final String topic;

    public ArtifactReader(Cluster cluster, TopicNames names, TimeSource time) {
        this.topic = names.code();
        this.scan = new CodeTopicScan(cluster, topic, time);
    }

    /**
     * Writes the package into an empty file and checks its digest.
     *
     * @throws MillraceException NOT_FOUND if it is not in the topic, FAILED if it is damaged there
     */
    void read(String sha256, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            collect(sha256, new ChunkFile(channel, true));
            if (!ArtifactDigest.of(file).equals(sha256)) {
                // A later copy may have repaired it.
                collect(sha256, new ChunkFile(channel, false));
            }
            channel.force(true);
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
        String found = ArtifactDigest.of(file);
        if (!found.equals(sha256)) {
            throw damaged(sha256, "its bytes have the digest '" + found + "'");
        }
    }

    private void collect(String sha256, ChunkFile chunks) throws IOException {
        scan.run(sha256, chunks);
        requireWhole(sha256, chunks);
        chunks.channel.truncate(chunks.size());
    }

    private void requireWhole(String sha256, ChunkFile chunks) {
        if (chunks.manifest.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.NOT_FOUND,
                    "code '"
                            + sha256
                            + "' is not in topic '"
                            + topic
                            + "'; deploy the function again");
        }
        if (!chunks.isWhole()) {
            int count = chunks.manifest.get().chunks();
            int missing = chunks.present.nextClearBit(0);
            throw damaged(sha256, "chunk " + missing + " of " + count + " is missing");
        }
    }

    private MillraceException damaged(String sha256, String how) {
        return new MillraceException(
                ErrorCode.FAILED,
                "code '"
                        + sha256
                        + "' in topic '"
                        + topic
                        + "' is damaged: "
                        + how
                        + "; deploy the function again");
    }

    /** Writes each chunk to its place, so that no package is ever held in memory. */
    private static final class ChunkFile implements CodeTopicScan.Collector {
        private final FileChannel channel;
        private final boolean stopsEarly;
        private final BitSet present = new BitSet();
        private Optional<ArtifactFormat.Manifest> manifest = Optional.empty();

        ChunkFile(FileChannel channel, boolean stopsEarly) {
            this.channel = channel;
            this.stopsEarly = stopsEarly;
        }

        @Override
        public void chunk(int number, Optional<byte[]> bytes) {
            long position = (long) number * ArtifactFormat.CHUNK_BYTES;
            boolean usable =
                    bytes.isPresent()
                            && bytes.get().length <= ArtifactFormat.CHUNK_BYTES
                            && position + bytes.get().length <= ArtifactFormat.MAX_BYTES;
            present.set(number, usable);
            if (usable) {
                write(ByteBuffer.wrap(bytes.get()), position);
            }
        }

        @Override
        public void manifest(Optional<ArtifactFormat.Manifest> found) {
            manifest = found;
        }

        @Override
        public boolean isComplete() {
            return stopsEarly && isWhole();
        }

        boolean isWhole() {
            return manifest.isPresent() && present.nextClearBit(0) >= manifest.get().chunks();
        }

        long size() {
            return manifest.map(ArtifactFormat.Manifest::size).orElse(0L);
        }

        private void write(ByteBuffer bytes, long position) {
            try {
                long at = position;
                while (bytes.hasRemaining()) {
                    at += channel.write(bytes, at);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
