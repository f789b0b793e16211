package io.millrace.engine.topology;

import io.millrace.engine.model.FunctionSpec;
import io.millrace.engine.model.MeteringLine;
import io.millrace.schemas.AttemptOutcome;
import io.millrace.schemas.MeteringRecord;

import org.apache.avro.io.Encoder;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A metering record whose entries are bytes from the start, in the form the schema says: the stream
 * thread writes one per attempt, and objects that Avro turns into bytes cost as much as a record of
 * Kafka's.
 *
 * <p>Threading: one thread at a time.
 */
@SuppressWarnings("serial") // Avro's classes can be serialised by Java; these never are
public final class PackedMetering extends MeteringRecord {
    private static final long serialVersionUID = 1;

    private static final SpecificData SELF_WRITING = selfWriting();

    /** An entry's numbers, each as long as can be. */
    private static final int MAX_NUMBERS = 120;

    private transient byte[] bytes = new byte[1_024];
    private transient int size;
    private transient int entries;
    private transient @Nullable FunctionSpec lastSpec;
    private transient byte[] function = new byte[0];
    private transient byte[] version = new byte[0];

    public PackedMetering(String trigger, String topic, int partition, String node) {
        super(trigger, topic, partition, node, List.of());
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

    int entries() {
        return entries;
    }

    @SuppressWarnings("ReferenceEquality") // merely cheaper: equal ones are written alike
    public void add(MeteringLine line) {
        FunctionSpec spec = line.function();
        if (spec != lastSpec) {
            lastSpec = spec;
            function = utf8(spec.name().value());
            version = utf8(spec.version());
        }
        text(utf8(line.requestId().value()));
        text(function);
        text(version);
        reserve(MAX_NUMBERS);
        number(line.firstOffset());
        number(line.lastOffset());
        number(line.events());
        number(line.attempt());
        number(line.startedAt().toEpochMilli());
        number(line.duration().toNanos());
        number(line.billedMillis());
        number(spec.memoryMb());
        // Nothing is initialised within an attempt.
        number(0);
        number(symbol(line));
        entries++;
    }

    @Override
    public void customEncode(Encoder out) throws IOException {
        out.writeString(getTrigger());
        out.writeString(getTopic());
        out.writeInt(getPartition());
        out.writeString(getNode());
        out.writeArrayStart();
        out.setItemCount(entries);
        out.writeFixed(bytes, 0, size);
        out.writeArrayEnd();
    }

    /** Avro writes the place of a symbol in its schema, which is that of the constant. */
    @SuppressWarnings("EnumOrdinal")
    private static int symbol(MeteringLine line) {
        return AttemptOutcome.valueOf(line.outcome()).ordinal();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void text(byte[] utf8) {
        reserve(utf8.length + MAX_NUMBERS);
        number(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length + more);
        }
    }

    /** Zig-zag, seven bits to a byte, the lowest first. */
    private void number(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }
}
