package io.millrace.engine.topology;

import io.millrace.engine.delivery.ParkedEvent;
import io.millrace.engine.lane.Progress;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Parked events as bytes: a version, how far the event has come, when it is due, and the event with
 * every byte it had.
 */
final class ParkedCodec {
    private static final byte VERSION = 1;
    private static final int NULL = -1;

    private ParkedCodec() {}

    static byte[] encode(ParkedEvent entry) {
        var bytes = new ByteArrayOutputStream(entry.sizeInBytes());
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(entry.progress().attempts());
            out.writeInt(entry.progress().strikes());
            out.writeLong(entry.progress().since());
            out.writeLong(entry.dueAt());
            out.writeBoolean(entry.event().isPresent());
            if (entry.event().isPresent()) {
                write(entry.event().get(), out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(RawEvent event, DataOutputStream out) throws IOException {
        out.writeLong(event.timestamp());
        write(event.key(), out);
        write(event.value(), out);
        out.writeInt(event.headers().size());
        for (Header header : event.headers()) {
            write(Payload.of(header.key()), out);
            write(header.value(), out);
        }
    }

    private static void write(Payload payload, DataOutputStream out) throws IOException {
        out.writeInt(payload.isNull() ? NULL : payload.size());
        out.write(payload.bytes());
    }

    static ParkedEvent decode(PartitionId partition, long offset, byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte version = in.readByte();
            if (version != VERSION) {
                throw new IllegalStateException(
                        "parked event " + partition + "-" + offset + " has version " + version);
            }
            var progress = new Progress(in.readInt(), in.readInt(), in.readLong());
            long dueAt = in.readLong();
            Optional<RawEvent> event =
                    in.readBoolean()
                            ? Optional.of(event(new EventPosition(partition, offset), in))
                            : Optional.empty();
            return new ParkedEvent(progress, dueAt, event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RawEvent event(EventPosition position, DataInputStream in) throws IOException {
        long timestamp = in.readLong();
        Payload key = payload(in);
        Payload value = payload(in);
        int count = in.readInt();
        List<Header> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String name = new String(payload(in).bytes(), StandardCharsets.UTF_8);
            headers.add(new Header(name, payload(in)));
        }
        return new RawEvent(position, key, value, headers, timestamp);
    }

    private static Payload payload(DataInputStream in) throws IOException {
        int size = in.readInt();
        return size == NULL ? Payload.NULL : Payload.of(in.readNBytes(size));
    }
}
