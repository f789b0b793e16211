package io.millrace.engine.execute.inprocess;

import io.millrace.engine.avro.AvroTrees;
import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Payload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Events as text: UTF-8 as it came, Avro as JSON. */
final class TextReader implements InputReader {
    private final AvroTrees trees = new AvroTrees();

    @Override
    public Input read(Event event) {
        return switch (event.value()) {
            case DecodedValue.Bytes(Payload value) -> textOf(value);
            case DecodedValue.Avro avro -> jsonOf(avro);
        };
    }

    private static Input textOf(Payload value) {
        if (value.isNull()) {
            return Input.TOMBSTONE;
        }
        String text = value.text();
        // Decoding never fails but replaces what it cannot read; look closer only where it may
        // have.
        if (text.indexOf('\uFFFD') >= 0) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value.bytes()));
            } catch (CharacterCodingException malformed) {
                return new Input.Unreadable(Failures.unreadable("UTF-8 text", malformed));
            }
        }
        return new Input.Value(text);
    }

    private Input jsonOf(DecodedValue.Avro avro) {
        try {
            return new Input.Value(trees.read(avro).toString());
        } catch (IOException | RuntimeException malformed) {
            return new Input.Unreadable(Failures.unreadable("Avro", malformed));
        }
    }
}
