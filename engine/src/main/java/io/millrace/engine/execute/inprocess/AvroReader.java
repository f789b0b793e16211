package io.millrace.engine.execute.inprocess;

import io.millrace.engine.avro.AvroTrees;
import io.millrace.engine.avro.SchemaCache;
import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.DecodedValue.WriterSchema;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Payload;

import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificRecord;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Events as Avro records: generated classes by their own schema, others by the writer's. */
final class AvroReader implements InputReader {
    private final Class<?> type;
    private final SchemaCache<DatumReader<Object>> readers;

    AvroReader(Class<?> type, ClassLoader loader) {
        this.type = type;
        this.readers =
                SpecificRecord.class.isAssignableFrom(type)
                        ? generated(type, loader)
                        : new SchemaCache<>(AvroTrees::readerFor);
    }

    private static SchemaCache<DatumReader<Object>> generated(Class<?> type, ClassLoader loader) {
        FunctionData data = new FunctionData(type, loader);
        Schema reader = data.getSchema(type);
        return new SchemaCache<>(writer -> {
            try {
                return data.reader(writer, reader);
            } catch (IOException unfit) {
                throw new UncheckedIOException(unfit);
            }
        });
    }

    @Override
    public Input read(Event event) {
        return switch (event.value()) {
            case DecodedValue.Bytes(Payload value) when value.isNull() -> Input.TOMBSTONE;
            case DecodedValue.Bytes _ -> new Input.Unreadable(notAvro());
            case DecodedValue.Avro(Payload binary, WriterSchema schema) -> {
                try {
                    yield new Input.Value(SchemaCache.read(readers.of(schema), binary));
                } catch (IOException | RuntimeException | LinkageError unfit) {
                    yield new Input.Unreadable(Failures.unreadable(type.getName(), unfit));
                }
            }
        };
    }

    private Failure notAvro() {
        return new Failure(
                Failure.Kind.UNDECODABLE,
                "NotAvro",
                "the event cannot be read as "
                        + type.getName()
                        + ": its value is not Avro with a schema id");
    }
}
