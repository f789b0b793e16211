package io.millrace.engine.execute.inprocess;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.millrace.engine.avro.AvroTrees;
import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Payload;

import java.io.IOException;

/** Events as records, beans, maps and lists, from JSON or from Avro by way of JSON's tree. */
final class JsonReader implements InputReader {
    private final ObjectReader reader;
    private final String wanted;
    private final AvroTrees trees = new AvroTrees();

    JsonReader(JavaType type, JsonMapper json) {
        this.reader = json.readerFor(type);
        this.wanted = type.toCanonical();
    }

    @Override
    public Input read(Event event) {
        try {
            return switch (event.value()) {
                case DecodedValue.Bytes(Payload value) when value.isNull() -> Input.TOMBSTONE;
                case DecodedValue.Bytes(Payload value) ->
                        new Input.Value(reader.readValue(value.bytes()));
                case DecodedValue.Avro avro -> new Input.Value(reader.readValue(trees.read(avro)));
            };
        } catch (IOException | RuntimeException | LinkageError | StackOverflowError unfit) {
            return new Input.Unreadable(Failures.unreadable(wanted, unfit));
        }
    }
}
