package io.millrace.engine.topology;

import io.millrace.schemas.AttemptOutcome;
import io.millrace.schemas.MeteringEntry;
import io.millrace.schemas.MeteringRecord;

import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Writes metering as the registry's serialiser does, and finds in it what a reader finds. */
final class MeteringBytes {
    private MeteringBytes() {}

    static byte[] of(MeteringRecord record) {
        var out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            new SpecificDatumWriter<MeteringRecord>(record.getSchema(), record.getSpecificData())
                    .write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static MeteringRecord read(byte[] bytes) {
        GenericRecord found;
        try {
            found =
                    new GenericDatumReader<GenericRecord>(MeteringRecord.getClassSchema())
                            .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<MeteringEntry> entries = new ArrayList<>();
        for (Object entry : (List<?>) found.get("entries")) {
            entries.add(entry((GenericRecord) entry));
        }
        return new MeteringRecord(
                found.get("trigger").toString(),
                found.get("topic").toString(),
                (Integer) found.get("partition"),
                found.get("node").toString(),
                entries);
    }

    private static MeteringEntry entry(GenericRecord found) {
        return new MeteringEntry(
                found.get("requestId").toString(),
                found.get("function").toString(),
                found.get("version").toString(),
                (Long) found.get("firstOffset"),
                (Long) found.get("lastOffset"),
                (Integer) found.get("events"),
                (Integer) found.get("attempt"),
                Instant.ofEpochMilli((Long) found.get("startedAt")),
                (Long) found.get("durationNanos"),
                (Long) found.get("billedMillis"),
                (Integer) found.get("memoryMb"),
                (Long) found.get("initMillis"),
                AttemptOutcome.valueOf(found.get("outcome").toString()));
    }
}
