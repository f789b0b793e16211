package io.millrace.engine.topology;

import io.millrace.engine.delivery.PartitionWindow;
import io.millrace.engine.lane.Progress;
import io.millrace.engine.model.BatchRange;
import io.millrace.engine.model.PartitionId;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** How far the windows of a partition have come, as bytes: a version, bounds, state and closing. */
final class WindowCodec {
    private static final byte VERSION = 1;

    private WindowCodec() {}

    static byte[] encode(PartitionWindow window) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(window.floor());
            out.writeBoolean(window.open().isPresent());
            if (window.open().isPresent()) {
                write(window.open().get(), out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(PartitionWindow.Open open, DataOutputStream out) throws IOException {
        out.writeLong(open.start());
        out.writeLong(open.end());
        BatchRange contents = open.contents();
        out.writeLong(contents.firstOffset());
        out.writeLong(contents.lastOffset());
        out.writeLong(contents.firstTimestamp().toEpochMilli());
        out.writeLong(contents.lastTimestamp().toEpochMilli());
        out.writeInt(contents.size());
        write(open.lineage(), out);
        out.writeBoolean(open.closing().isPresent());
        if (open.closing().isPresent()) {
            PartitionWindow.Closing closing = open.closing().get();
            out.writeBoolean(closing.early());
            out.writeLong(closing.since());
            out.writeInt(closing.progress().attempts());
            out.writeInt(closing.progress().strikes());
            out.writeLong(closing.progress().since());
            out.writeLong(closing.dueAt());
        }
        write(open.state(), out);
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    static PartitionWindow decode(PartitionId partition, byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte version = in.readByte();
            if (version != VERSION) {
                throw new IllegalStateException(
                        "the window of " + partition + " has version " + version);
            }
            long floor = in.readLong();
            return new PartitionWindow(
                    floor, in.readBoolean() ? Optional.of(open(partition, in)) : Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PartitionWindow.Open open(PartitionId partition, DataInputStream in)
            throws IOException {
        long start = in.readLong();
        long end = in.readLong();
        var contents =
                new BatchRange(
                        partition,
                        in.readLong(),
                        in.readLong(),
                        Instant.ofEpochMilli(in.readLong()),
                        Instant.ofEpochMilli(in.readLong()),
                        in.readInt());
        String lineage = text(in);
        Optional<PartitionWindow.Closing> closing = Optional.empty();
        if (in.readBoolean()) {
            closing =
                    Optional.of(
                            new PartitionWindow.Closing(
                                    in.readBoolean(),
                                    in.readLong(),
                                    new Progress(in.readInt(), in.readInt(), in.readLong()),
                                    in.readLong()));
        }
        return new PartitionWindow.Open(start, end, text(in), contents, lineage, closing);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
