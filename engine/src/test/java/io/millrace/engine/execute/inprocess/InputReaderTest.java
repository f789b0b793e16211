package io.millrace.engine.execute.inprocess;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.type.TypeFactory;

import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Failure;
import io.millrace.engine.model.Payload;
import io.millrace.functions.events.ObjectEvent;
import io.millrace.functions.events.QueueMessage;
import io.millrace.functions.events.ScheduleTick;
import io.millrace.functions.events.TableChange;

import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

final class InputReaderTest {
    record Order(String id, int amount, Instant at, List<String> tags) {}

    @Test
    void shouldGiveNullForATombstoneWhateverTheType() {
        for (Type type :
                List.<Type>of(
                        byte[].class,
                        ByteBuffer.class,
                        String.class,
                        Order.class,
                        GenericRecord.class,
                        Map.class)) {
            assertThat(reader(type).read(InvokerFixture.bytes(Payload.NULL)))
                    .as(type.getTypeName())
                    .isEqualTo(Input.TOMBSTONE);
        }
    }

    @Test
    void shouldKeepTheEventsBytesSafeFromTheHandler() {
        // Given
        Event event = InvokerFixture.text("hello");

        // When
        byte[] bytes = (byte[]) value(byte[].class, event);
        bytes[0] = 'X';

        // Then
        assertThat(event.raw().value().text()).isEqualTo("hello");
        assertThat((ByteBuffer) value(ByteBuffer.class, event))
                .isEqualTo(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)))
                .matches(ByteBuffer::isReadOnly);
    }

    @Test
    void shouldRefuseTextThatIsNotUtf8ButTakeARealReplacementCharacter() {
        // Given
        Event broken = InvokerFixture.bytes(Payload.of(new byte[] {'a', (byte) 0xFF}));

        // When, Then
        assertThat(failure(String.class, broken).message()).contains("UTF-8 text");
        assertThat(value(String.class, InvokerFixture.text("a\uFFFDb"))).isEqualTo("a\uFFFDb");
    }

    @Test
    void shouldReadJsonIntoRecordsMapsAndListsAndIgnoreWhatIsUnknown() {
        // Given
        Event event =
                InvokerFixture.text(
                        """
                        {"id":"7","amount":3,"at":"2026-01-02T03:04:05Z","tags":["a"],"new":{}}
                        """);

        // When, Then
        assertThat(value(Order.class, event))
                .isEqualTo(new Order("7", 3, Instant.parse("2026-01-02T03:04:05Z"), List.of("a")));
        assertThat(((Map<?, ?>) value(Map.class, event)).get("id")).isEqualTo("7");
        Type numbers =
                TypeFactory.defaultInstance().constructCollectionType(List.class, Long.class);
        assertThat(value(numbers, InvokerFixture.text("[1,2]"))).isEqualTo(List.of(1L, 2L));
    }

    @Test
    void shouldRefuseJsonThatDoesNotFit() {
        assertThat(failure(Order.class, InvokerFixture.text("{\"amount\":\"many\"}")).message())
                .contains("Order");
        assertThat(failure(Order.class, InvokerFixture.text("")).kind())
                .isEqualTo(Failure.Kind.UNDECODABLE);
        assertThat(failure(Integer.class, InvokerFixture.text("1 2")).kind())
                .isEqualTo(Failure.Kind.UNDECODABLE);
        assertThat(failure(GenericRecord.class, InvokerFixture.text("{}")).type())
                .isEqualTo("NotAvro");
    }

    @Test
    void shouldReadTheEventsOfTheConnectorsFromAvro() throws IOException {
        // Given
        GenericRecord object =
                new GenericRecordBuilder(io.millrace.schemas.ObjectEvent.getClassSchema())
                        .set("kind", "CREATED")
                        .set("bucket", "photos")
                        .set("key", "a.jpg")
                        .set("size", 12L)
                        .set("lastModified", 1_700_000_000_123L)
                        .build();
        GenericRecord message =
                new GenericRecordBuilder(io.millrace.schemas.QueueMessage.getClassSchema())
                        .set("queue", "q")
                        .set("messageId", "1")
                        .set("body", ByteBuffer.wrap(new byte[] {0, (byte) 0xFF}))
                        .set("attributes", Map.of("a", "b"))
                        .build();
        GenericRecord tick =
                new GenericRecordBuilder(io.millrace.schemas.ScheduleTick.getClassSchema())
                        .set("schedule", "nightly")
                        .set("expression", "rate(1 day)")
                        .set("dueAt", 0L)
                        .build();

        // When, Then
        assertThat(value(ObjectEvent.class, InvokerFixture.avro(object)))
                .isEqualTo(
                        new ObjectEvent(
                                ObjectEvent.Kind.CREATED,
                                "photos",
                                "a.jpg",
                                12,
                                null,
                                null,
                                Instant.ofEpochMilli(1_700_000_000_123L),
                                null,
                                null));
        assertThat(value(QueueMessage.class, InvokerFixture.avro(message)))
                .isEqualTo(
                        new QueueMessage(
                                "q",
                                "1",
                                new byte[] {0, (byte) 0xFF},
                                null,
                                Map.of("a", "b"),
                                null,
                                null,
                                1));
        assertThat(value(ScheduleTick.class, InvokerFixture.avro(tick)))
                .isEqualTo(
                        new ScheduleTick("nightly", "rate(1 day)", "UTC", Instant.EPOCH, 0, null));
    }

    @Test
    void shouldReadTheEventsOfTheConnectorsFromJson() {
        // Given
        Event object =
                InvokerFixture.text(
                        """
                        {"kind":"RESTORED","bucket":"b","key":"k","size":1,"lastModified":5}
                        """);
        Event change =
                InvokerFixture.text(
                        """
                        {"operation":"MODIFY","database":"d","table":"t","keys":"{}",
                         "position":"9","before":null,"after":"{}"}
                        """);

        // When
        ObjectEvent event = (ObjectEvent) value(ObjectEvent.class, object);

        // Then
        assertThat(event.kind()).isEqualTo(ObjectEvent.Kind.UNKNOWN);
        assertThat(event.lastModified()).isEqualTo(Instant.ofEpochMilli(5));
        assertThat(value(TableChange.class, change))
                .isEqualTo(
                        new TableChange(
                                TableChange.Operation.MODIFY,
                                "d",
                                null,
                                "t",
                                "{}",
                                null,
                                "{}",
                                "9",
                                null,
                                null,
                                List.of()));
    }

    @Test
    void shouldReadAvroOfAnyShapeAsRecordAndAsJsonText() throws IOException {
        // Given
        Schema schema = shapes();
        GenericRecord datum = new GenericData.Record(schema);
        datum.put("day", (int) LocalDate.of(2026, 2, 3).toEpochDay());
        datum.put("micros", 1L);
        datum.put("price", ByteBuffer.wrap(new byte[] {4, -46}));
        datum.put("raw", ByteBuffer.wrap(new byte[] {1, 2, 3}));
        datum.put("color", new GenericData.EnumSymbol(schema.getField("color").schema(), "RED"));
        datum.put("choice", 2.5d);
        datum.put("counts", Map.of("a", 1L));
        datum.put("flags", List.of(true, false));
        record Shapes(
                LocalDate day,
                Instant micros,
                BigDecimal price,
                ByteBuffer raw,
                String color,
                Object choice,
                Map<String, Long> counts,
                List<Boolean> flags) {}

        // When
        Shapes shapes = (Shapes) value(Shapes.class, InvokerFixture.avro(datum));
        String text = (String) value(String.class, InvokerFixture.avro(datum));

        // Then
        assertThat(shapes.day()).isEqualTo("2026-02-03");
        assertThat(shapes.micros()).isEqualTo("1970-01-01T00:00:00.000001Z");
        assertThat(shapes.price()).isEqualTo("12.34");
        assertThat(shapes.raw()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(shapes.choice()).isEqualTo(2.5d);
        assertThat(shapes.counts()).containsEntry("a", 1L);
        assertThat(text)
                .isEqualTo(
                        "{\"day\":\"2026-02-03\",\"micros\":\"1970-01-01T00:00:00.000001Z\","
                                + "\"price\":12.34,\"raw\":\"AQID\",\"color\":\"RED\","
                                + "\"choice\":2.5,\"counts\":{\"a\":1},\"flags\":[true,false]}");
        assertThat(value(GenericRecord.class, InvokerFixture.avro(datum))).isEqualTo(datum);
    }

    private static Schema shapes() {
        Schema day = LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
        Schema micros = LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
        Schema price = LogicalTypes.decimal(9, 2).addToSchema(Schema.create(Schema.Type.BYTES));
        return SchemaBuilder.record("Shapes")
                .fields()
                .name("day")
                .type(day)
                .noDefault()
                .name("micros")
                .type(micros)
                .noDefault()
                .name("price")
                .type(price)
                .noDefault()
                .requiredBytes("raw")
                .name("color")
                .type()
                .enumeration("Color")
                .symbols("RED", "BLUE")
                .noDefault()
                .name("choice")
                .type()
                .unionOf()
                .nullType()
                .and()
                .stringType()
                .and()
                .doubleType()
                .endUnion()
                .noDefault()
                .name("counts")
                .type()
                .map()
                .values()
                .longType()
                .noDefault()
                .name("flags")
                .type()
                .array()
                .items()
                .booleanType()
                .noDefault()
                .endRecord();
    }

    @Test
    void shouldRefuseAvroThatDoesNotEndWhereItShould() throws IOException {
        // Given
        GenericRecord tick =
                new GenericRecordBuilder(io.millrace.schemas.ScheduleTick.getClassSchema())
                        .set("schedule", "nightly")
                        .set("expression", "rate(1 day)")
                        .set("dueAt", 0L)
                        .build();
        Event whole = InvokerFixture.avro(tick);
        DecodedValue.Avro value = (DecodedValue.Avro) whole.value();
        byte[] bytes = value.binary().bytes();
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);

        // When, Then
        for (byte[] wrong : List.of(shorter, longer)) {
            Event event =
                    new Event(
                            whole.raw(), new DecodedValue.Avro(Payload.of(wrong), value.schema()));
            for (Class<?> type : List.of(ScheduleTick.class, String.class, GenericRecord.class)) {
                assertThat(failure(type, event).kind()).isEqualTo(Failure.Kind.UNDECODABLE);
            }
        }
    }

    private static InputReader reader(Type type) {
        ClassLoader loader = InputReaderTest.class.getClassLoader();
        TypeFactory types = FunctionJson.typesOf(loader);
        JavaType javaType = types.constructType(type);
        return InputReader.of(javaType, FunctionJson.mapper(types), loader);
    }

    private static Object value(Type type, Event event) {
        Input input = reader(type).read(event);
        assertThat(input).isInstanceOf(Input.Value.class);
        Object value = ((Input.Value) input).value();
        assertThat(value).isNotNull();
        return Objects.requireNonNull(value);
    }

    private static Failure failure(Type type, Event event) {
        Input input = reader(type).read(event);
        assertThat(input).isInstanceOf(Input.Unreadable.class);
        return ((Input.Unreadable) input).failure();
    }
}
