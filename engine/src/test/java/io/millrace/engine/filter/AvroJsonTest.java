package io.millrace.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.DecodedValue.WriterSchema;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.EventPosition;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.engine.model.Samples;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

final class AvroJsonTest {
    private static final String ORDER =
            """
            {"type":"record","name":"Order","fields":[
              {"name":"id","type":"string"},
              {"name":"amount","type":"double"},
              {"name":"share","type":"float"},
              {"name":"count","type":"int"},
              {"name":"paid","type":"boolean"},
              {"name":"note","type":["null","string"]},
              {"name":"state","type":{"type":"enum","name":"State","symbols":["OPEN","PAID"]}},
              {"name":"tags","type":{"type":"array","items":"string"}},
              {"name":"extra","type":{"type":"map","values":"long"}},
              {"name":"raw","type":"bytes"},
              {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
              {"name":"digest","type":{"type":"fixed","name":"Digest","size":2}},
              {"name":"day","type":{"type":"int","logicalType":"date"}},
              {"name":"clock","type":{"type":"int","logicalType":"time-millis"}},
              {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
              {"name":"finer","type":{"type":"long","logicalType":"timestamp-micros"}}]}
            """;
    private static final String NULLS = "{\"type\":\"array\",\"items\":\"null\"}";

    private final AvroJson json = new AvroJson(1_000);

    @Test
    @Timeout(10)
    void shouldStopAtTheBoundWhenAFewBytesStandForABillionNulls() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        encoder.writeLong(1_000_000_000);
        encoder.writeLong(0);

        assertThatExceptionOfType(AvroJson.TooLong.class)
                .isThrownBy(() -> json.text(avro(out.toByteArray(), NULLS)));
    }

    @Test
    void shouldRefuseAStringThatClaimsToBeLongerThanItsDatum() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        EncoderFactory.get().directBinaryEncoder(out, null).writeLong(2_000_000_000);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> json.text(avro(out.toByteArray(), "\"string\"")))
                .withMessage("a length of 2000000000 in a datum of 5 bytes");
    }

    @Test
    void shouldRefuseBytesBehindTheDatum() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> json.text(avro(new byte[] {2, 2}, "\"int\"")))
                .withMessage("bytes are left behind the datum");
    }

    @Test
    void shouldFailAnEventWhoseAvroCannotBeRead() {
        DecodedValue broken = avro(new byte[] {0x7F}, ORDER);

        FilterVerdict verdict = test("{\"value\":{\"id\":[\"o-1\"]}}", broken);

        assertThat(verdict).isInstanceOf(FilterVerdict.Failed.class);
        Failure failure = ((FilterVerdict.Failed) verdict).failure();
        assertThat(failure.kind()).isEqualTo(Failure.Kind.UNDECODABLE);
        assertThat(failure.message()).startsWith("the value cannot be read as Avro: ");
    }

    @Test
    void shouldFailAnEventWhoseSchemaIsNone() {
        FilterVerdict verdict =
                test("{\"value\":{\"id\":[\"o-1\"]}}", avro(new byte[] {2}, "{\"type\":\"no\"}"));

        assertThat(verdict).isInstanceOf(FilterVerdict.Failed.class);
    }

    @Test
    void shouldRenderEveryType() throws IOException {
        assertThat(json.text(order()))
                .isEqualTo(
                        "{\"id\":\"o-1\",\"amount\":300.0,\"share\":0.5,\"count\":2,\"paid\":true,"
                                + "\"note\":null,\"state\":\"PAID\",\"tags\":[\"a\",\"b\"],"
                                + "\"extra\":{\"x\":7},\"raw\":\"AQI=\",\"price\":12.34,"
                                + "\"digest\":\"CQg=\",\"day\":\"2026-11-21\","
                                + "\"clock\":\"00:00:01\",\"at\":1795251600837,"
                                + "\"finer\":\"2026-11-21T09:00:00.000001Z\"}");
    }

    @Test
    void shouldFilterAvroAsJson() throws IOException {
        DecodedValue order = order();

        assertThat(test("{\"value\":{\"state\":[\"PAID\"],\"amount\":[300]}}", order))
                .isEqualTo(FilterVerdict.ACCEPTED);
        assertThat(test("{\"value\":{\"extra\":{\"x\":[{\"numeric\":[\">\",7]}]}}}", order))
                .isEqualTo(FilterVerdict.REJECTED);
        assertThat(test("{\"value\":{\"note\":[null]}}", order)).isEqualTo(FilterVerdict.ACCEPTED);
        assertThat(test("{\"value\":[\"text\"],\"partition\":[4]}", order))
                .isEqualTo(FilterVerdict.REJECTED);
    }

    private static FilterVerdict test(String pattern, DecodedValue value) {
        RawEvent raw =
                new RawEvent(
                        new EventPosition(Samples.PARTITION, 1),
                        Payload.NULL,
                        Payload.of(new byte[] {0}),
                        List.of(),
                        0);
        return EventFilter.compile(List.of(pattern)).test(new Event(raw, value));
    }

    private static DecodedValue.Avro avro(byte[] binary, String schema) {
        return new DecodedValue.Avro(Payload.of(binary), new WriterSchema(1, schema));
    }

    private static DecodedValue.Avro order() throws IOException {
        Schema schema = new Schema.Parser().parse(ORDER);
        GenericData.Record order = new GenericData.Record(schema);
        order.put("id", "o-1");
        order.put("amount", 300.0);
        order.put("share", 0.5f);
        order.put("count", 2);
        order.put("paid", true);
        order.put("note", null);
        order.put("state", new GenericData.EnumSymbol(schema.getField("state").schema(), "PAID"));
        order.put("tags", Arrays.asList("a", "b"));
        order.put("extra", Map.of("x", 7L));
        order.put("raw", ByteBuffer.wrap(new byte[] {1, 2}));
        order.put("price", ByteBuffer.wrap(new byte[] {0x04, (byte) 0xD2}));
        order.put(
                "digest",
                new GenericData.Fixed(schema.getField("digest").schema(), new byte[] {9, 8}));
        order.put("day", 20_778);
        order.put("clock", 1_000);
        order.put("at", 1_795_251_600_837L);
        order.put("finer", 1_795_251_600_000_001L);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<GenericData.Record>(schema).write(order, encoder);
        return avro(out.toByteArray(), ORDER);
    }
}
