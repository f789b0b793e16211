package io.millrace.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.decode.DecodeResult.Decoded;
import io.millrace.engine.decode.DecodeResult.Unavailable;
import io.millrace.engine.decode.DecodeResult.Undecodable;
import io.millrace.engine.decode.SchemaLookup.Found;
import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.DecodedValue.WriterSchema;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.PartitionId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.ValueFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

final class EventDecoderTest {
    private static final WriterSchema KNOWN = new WriterSchema(7, "\"int\"");
    private static final Payload FRAMED = Payload.of(new byte[] {0, 0, 0, 0, 7, 42});

    private final EventDecoder decoder =
            new EventDecoder(id ->
                    switch (id) {
                        case 7 -> new Found.Known(KNOWN);
                        case 8 -> new Found.Unavailable("no answer");
                        case 9 -> new Found.Missing("not found");
                        default -> new Found.Unusable("cannot be read");
                    });

    @ParameterizedTest
    @EnumSource
    void shouldLeaveATombstoneAsItIs(ValueFormat format) {
        assertThat(decode(Payload.NULL, format)).isEqualTo(bytes(Payload.NULL));
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "AVRO"})
    void shouldJoinAFramedValueToItsSchema(ValueFormat format) {
        // When
        DecodeResult result = decode(FRAMED, format);

        // Then
        assertThat(result).isInstanceOf(Decoded.class);
        DecodedValue value = ((Decoded) result).event().value();
        assertThat(value).isEqualTo(new DecodedValue.Avro(Payload.of(new byte[] {42}), KNOWN));
        assertThat(((DecodedValue.Avro) value).schema()).isSameAs(KNOWN);
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "AVRO"})
    void shouldTellAnUnknownSchemaFromARegistryThatIsDown(ValueFormat format) {
        // Given
        Payload unknown = Payload.of(new byte[] {0, 0, 0, 0, 9, 42});
        Payload unreachable = Payload.of(new byte[] {0, 0, 0, 0, 8, 42});

        // When, Then
        assertThat(decode(unknown, format))
                .isInstanceOfSatisfying(
                        Undecodable.class,
                        result -> {
                            assertThat(result.failure().kind())
                                    .isEqualTo(Failure.Kind.SCHEMA_NOT_FOUND);
                            assertThat(result.failure().message()).contains("schema 9: not found");
                        });
        assertThat(decode(Payload.of(new byte[] {0, 0, 0, 0, 1, 42}), format))
                .isInstanceOfSatisfying(
                        Undecodable.class,
                        result ->
                                assertThat(result.failure().kind())
                                        .isEqualTo(Failure.Kind.UNDECODABLE));
        assertThat(decode(unreachable, format))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        result -> {
                            assertThat(result.failure().kind().isRetryable()).isTrue();
                            assertThat(result.failure().message()).contains("schema 8: no answer");
                        });
    }

    @Test
    void shouldAdviseTheFormatBytesWhenOnlyAutoTookTheValueForAvro() {
        // Given
        Payload unknown = Payload.of(new byte[] {0, 0, 0, 0, 9, 42});

        // When, Then
        assertThat(((Undecodable) decode(unknown, ValueFormat.AUTO)).failure().message())
                .contains("set its format to bytes");
        assertThat(((Undecodable) decode(unknown, ValueFormat.AVRO)).failure().message())
                .doesNotContain("set its format");
    }

    @Test
    void shouldTakeWhatIsNotFramedAsBytesInAutoOnly() {
        for (Payload value :
                List.of(
                        Payload.of(new byte[0]),
                        Payload.of(new byte[] {0, 0, 0, 7}),
                        Payload.of("{\"a\":1}"))) {
            assertThat(decode(value, ValueFormat.AUTO)).isEqualTo(bytes(value));
            assertThat(decode(value, ValueFormat.AVRO)).isInstanceOf(Undecodable.class);
        }
    }

    @Test
    void shouldDecodeNothingInBytes() {
        assertThat(decode(FRAMED, ValueFormat.BYTES)).isEqualTo(bytes(FRAMED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"a\":[1,2,{\"b\":null}]}", "[]", "1", "\"text\"", "null", "  true  "})
    void shouldTakeEveryJsonValue(String json) {
        assertThat(decode(Payload.of(json), ValueFormat.JSON)).isEqualTo(bytes(Payload.of(json)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "{",
                "{\"a\":}",
                "{\"a\":1",
                "[1,2",
                "1 2",
                "{} x",
                "\"open",
                "tru",
                "{'a':1}",
                "NaN"
            })
    void shouldRefuseWhatIsNotOneJsonValue(String text) {
        assertThat(decode(Payload.of(text), ValueFormat.JSON)).isInstanceOf(Undecodable.class);
    }

    @Test
    void shouldRefuseJsonThatIsNotUtf8AndNeverQuoteTheValue() {
        // Given
        Payload latin1 = Payload.of(new byte[] {'"', (byte) 0xE4, '"'});
        Payload cutOff = Payload.of(new byte[] {'"', 'a', (byte) 0xC3});

        // When, Then
        assertThat(decode(latin1, ValueFormat.JSON)).isInstanceOf(Undecodable.class);
        assertThat(decode(cutOff, ValueFormat.JSON)).isInstanceOf(Undecodable.class);
        assertThat(
                        ((Undecodable) decode(Payload.of("{\"pin\": secret}"), ValueFormat.JSON))
                                .failure()
                                .message())
                .doesNotContain("secret")
                .contains("at byte");
    }

    private DecodeResult decode(Payload value, ValueFormat format) {
        return decoder.decode(raw(value), format);
    }

    private static DecodeResult bytes(Payload value) {
        return new Decoded(
                new io.millrace.engine.model.Event(raw(value), new DecodedValue.Bytes(value)));
    }

    private static RawEvent raw(Payload value) {
        return new RawEvent(
                new EventPosition(new PartitionId("orders", 0), 1),
                Payload.NULL,
                value,
                List.of(),
                0);
    }
}
