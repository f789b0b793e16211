package io.millrace.engine.topology;

import io.millrace.schemas.MeteringEntry;
import io.millrace.schemas.MeteringRecord;

import org.apache.avro.io.Encoder;
import org.apache.avro.specific.SpecificData;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A metering record that writes itself, in the form its schema says: the stream thread writes one
 * entry per attempt, and Avro's own way by the schema costs as much as a record of Kafka's.
 *
 * <p>Threading: one thread at a time.
 */
@SuppressWarnings("serial") // Avro's classes can be serialised by Java; these never are
public final class PackedMetering extends MeteringRecord {
    private static final long serialVersionUID = 1;

    private static final SpecificData SELF_WRITING = selfWriting();

    /** An entry's numbers, each as long as can be. */
    private static final int MAX_NUMBERS = 120;

    private transient byte[] buffer = new byte[0];
    private transient int size;
    private transient String lastFunction = "";
    private transient String lastVersion = "";
    private transient byte[] function = new byte[0];
    private transient byte[] version = new byte[0];

    public PackedMetering(
            String trigger, String topic, int partition, String node, List<MeteringEntry> entries) {
        super(trigger, topic, partition, node, entries);
    }

    @Override
    public SpecificData getSpecificData() {
        return SELF_WRITING;
    }

    private static SpecificData selfWriting() {
        var data = new SpecificData();
        data.setCustomCoders(true);
        return data;
    }

    @Override
    protected boolean hasCustomCoders() {
        return true;
    }

    @Override
    public void customEncode(Encoder out) throws IOException {
        List<MeteringEntry> entries = getEntries();
        buffer = new byte[256 + 128 * entries.size()];
        size = 0;
        text(getTrigger().getBytes(StandardCharsets.UTF_8));
        text(getTopic().getBytes(StandardCharsets.UTF_8));
        number(getPartition());
        text(getNode().getBytes(StandardCharsets.UTF_8));
        if (!entries.isEmpty()) {
            number(entries.size());
            for (MeteringEntry entry : entries) {
                entry(entry);
            }
        }
        // An array ends with a block of nothing.
        number(0);
        out.writeFixed(buffer, 0, size);
        buffer = new byte[0];
    }

    private void entry(MeteringEntry entry) {
        if (!entry.getFunction().equals(lastFunction)) {
            lastFunction = entry.getFunction();
            function = lastFunction.getBytes(StandardCharsets.UTF_8);
        }
        if (!entry.getVersion().equals(lastVersion)) {
            lastVersion = entry.getVersion();
            version = lastVersion.getBytes(StandardCharsets.UTF_8);
        }
        text(entry.getRequestId().getBytes(StandardCharsets.UTF_8));
        text(function);
        text(version);
        reserve(MAX_NUMBERS);
        number(entry.getFirstOffset());
        number(entry.getLastOffset());
        number(entry.getEvents());
        number(entry.getAttempt());
        number(entry.getStartedAt().toEpochMilli());
        number(entry.getDurationNanos());
        number(entry.getBilledMillis());
        number(entry.getMemoryMb());
        number(entry.getInitMillis());
        number(symbol(entry));
    }

    /** Avro writes the place of a symbol in its schema, which is that of the constant. */
    @SuppressWarnings("EnumOrdinal")
    private static int symbol(MeteringEntry entry) {
        return entry.getOutcome().ordinal();
    }

    private void text(byte[] utf8) {
        reserve(utf8.length + MAX_NUMBERS);
        number(utf8.length);
        System.arraycopy(utf8, 0, buffer, size, utf8.length);
        size += utf8.length;
    }

    private void reserve(int more) {
        if (buffer.length - size < more) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length + more);
        }
    }

    /** Zig-zag, seven bits to a byte, the lowest first. */
    private void number(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            buffer[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[size++] = (byte) rest;
    }
}
