package io.millrace.engine.execute.inprocess;

import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.DecodedValue.WriterSchema;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Payload;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

import java.io.IOException;

/** Events as Avro records: generated classes by their own schema, others by the writer's. */
final class AvroReader implements InputReader {
    private final Class<?> type;
    private final GenericData model;
    private final SchemaCache<DatumReader<Object>> readers = new SchemaCache<>(this::readerFor);

    AvroReader(Class<?> type, ClassLoader loader) {
        this.type = type;
        this.model = SpecificRecord.class.isAssignableFrom(type) ? specific(loader) : generic();
    }

    private GenericData specific(ClassLoader loader) {
        // The generated model finds classes in Avro's loader only; this one finds the function's.
        GenericData found = new SpecificData(loader);
        SpecificData.getForClass(type)
                .getConversions()
                .forEach(conversion -> found.addLogicalTypeConversion(conversion));
        return withoutThreadLocals(found);
    }

    private static GenericData generic() {
        return withoutThreadLocals(new GenericData());
    }

    /** Avro's other way of reading caches per thread, which is of no use on virtual threads. */
    static GenericData withoutThreadLocals(GenericData model) {
        return model.setFastReaderEnabled(true);
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

    @SuppressWarnings("unchecked") // a reader of records gives what the handler is asked to take
    private DatumReader<Object> readerFor(Schema writer) {
        Schema reader = model instanceof SpecificData specific ? specific.getSchema(type) : writer;
        return model.createDatumReader(writer, reader);
    }
}
