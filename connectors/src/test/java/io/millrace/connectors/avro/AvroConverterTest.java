package io.millrace.connectors.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.cloudevents.EventSchemas;
import io.millrace.schemas.ObjectEvent;
import io.millrace.schemas.registry.AvroDeserializer;
import io.millrace.schemas.registry.AvroSerializer;
import io.millrace.schemas.registry.RegistryConfig;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.registry.WireFormat;

import org.apache.avro.SchemaNormalization;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.storage.Converter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;

final class AvroConverterTest {
    private final FakeRegistry registry = new FakeRegistry();
    private final Map<String, String> settings =
            new HashMap<>(Map.of("schema.registry.url", registry.url(), "max.retries", "0"));
    private final AvroConverter converter = new AvroConverter();

    @AfterEach
    void close() {
        converter.close();
        registry.close();
    }

    @Test
    void shouldRegisterObjectEventAsTheContractSays() throws IOException {
        configure();

        converter.fromConnectData("objects", EventSchemas.OBJECT_EVENT, event());

        org.apache.avro.Schema contract =
                new org.apache.avro.Schema.Parser()
                        .parse(Path.of("../schemas/src/main/avro/ObjectEvent.avsc").toFile());
        org.apache.avro.Schema registered = registry.registered("objects-value");
        // Equal beyond the canonical form: defaults and logical types, too.
        assertThat(registered).isEqualTo(contract);
        assertThat(SchemaNormalization.toParsingForm(registered))
                .isEqualTo(SchemaNormalization.toParsingForm(contract));
    }

    @Test
    void shouldWriteWhatTheSchemasModuleReads() {
        configure();

        byte[] bytes = converter.fromConnectData("objects", EventSchemas.OBJECT_EVENT, event());

        Map<String, Object> reading = new HashMap<>(settings);
        reading.put("specific.avro.reader", "true");
        try (AvroDeserializer<ObjectEvent> deserializer = new AvroDeserializer<>()) {
            deserializer.configure(reading, false);
            assertThat(deserializer.deserialize("objects", bytes))
                    .isInstanceOfSatisfying(
                            ObjectEvent.class,
                            read -> {
                                assertThat(read.getKey()).isEqualTo("a.jpg");
                                assertThat(read.getSize()).isEqualTo(7);
                                assertThat(read.getETag()).isNull();
                                assertThat(read.getLastModified())
                                        .hasToString("2026-01-01T00:00:00Z");
                            });
        }
    }

    @Test
    void shouldReadWhatTheSchemasModuleWrites() {
        configure();
        ObjectEvent written =
                ObjectEvent.newBuilder()
                        .setKind("DELETED")
                        .setBucket("photos")
                        .setKey("a.jpg")
                        .setVersionId("v1")
                        .build();
        try (SchemaRegistryClient client =
                        new SchemaRegistryClient(RegistryConfig.of(registry.url()));
                AvroSerializer<ObjectEvent> serializer = new AvroSerializer<>(client)) {
            byte[] bytes = serializer.serialize("objects", written);

            SchemaAndValue read = converter.toConnectData("objects", bytes);

            Struct value = (Struct) read.value();
            assertThat(value.schema().name()).isEqualTo("io.millrace.schemas.ObjectEvent");
            assertThat(value.getString("kind")).isEqualTo("DELETED");
            assertThat(value.getInt64("size")).isZero();
            assertThat(value.getString("versionId")).isEqualTo("v1");
            assertThat(value.getString("eTag")).isNull();
        }
    }

    @Test
    void shouldBringEveryTypeBackAsItWas() {
        configure();
        Schema schema = everything();
        Struct value = everything(schema);

        SchemaAndValue back =
                converter.toConnectData("t", converter.fromConnectData("t", schema, value));

        assertThat(back.schema()).isEqualTo(schema);
        Struct read = (Struct) back.value();
        for (var field : schema.fields()) {
            Object expected = value.getWithoutDefault(field.name());
            Object actual = read.getWithoutDefault(field.name());
            if (expected instanceof byte[] bytes) {
                assertThat((byte[]) actual).as(field.name()).isEqualTo(bytes);
            } else {
                assertThat(actual).as(field.name()).isEqualTo(expected);
            }
        }
    }

    @Test
    void shouldBringPlainValuesBackAsTheyWere() {
        configure();

        assertThat(roundTrip(Schema.STRING_SCHEMA, "text")).isEqualTo("text");
        assertThat(roundTrip(Schema.OPTIONAL_INT64_SCHEMA, 5L)).isEqualTo(5L);
        assertThat(roundTrip(Schema.BYTES_SCHEMA, new byte[] {1, 2, 3}))
                .isEqualTo(new byte[] {1, 2, 3});
        assertThat(roundTrip(Schema.OPTIONAL_BYTES_SCHEMA, new byte[] {1, 2, 3}))
                .isEqualTo(new byte[] {1, 2, 3});
        assertThat(converter.fromConnectData("t", Schema.OPTIONAL_STRING_SCHEMA, null)).isNull();
        assertThat(converter.toConnectData("t", null)).isEqualTo(SchemaAndValue.NULL);
    }

    @Test
    void shouldNameUnnamedStructsAfterWhereTheyStand() {
        configure();
        Schema inner = SchemaBuilder.struct().field("x", Schema.INT32_SCHEMA).build();
        Schema outer = SchemaBuilder.struct().field("inner", inner).build();
        Struct value = new Struct(outer).put("inner", new Struct(inner).put("x", 1));

        converter.fromConnectData("t", outer, value);

        org.apache.avro.Schema avro = registry.registered("t-value");
        assertThat(avro.getFullName()).isEqualTo("io.millrace.connectors.avro.Record");
        assertThat(avro.getField("inner").schema().getFullName())
                .isEqualTo("io.millrace.connectors.avro.Record_inner");
    }

    @Test
    void shouldUseTheSubjectOfKeysForKeys() {
        converter.configure(settings, true);

        converter.fromConnectData("t", Schema.STRING_SCHEMA, "k");

        assertThat(registry.registered("t-key").getType())
                .isEqualTo(org.apache.avro.Schema.Type.STRING);
    }

    @Test
    void shouldFillAMissingRequiredFieldWithItsDefaultOnly() {
        configure();
        Schema schema =
                SchemaBuilder.struct()
                        .name("x.Y")
                        .field("d", SchemaBuilder.int32().defaultValue(7).build())
                        .field("o", SchemaBuilder.int32().optional().defaultValue(8).build())
                        .build();

        Struct read = (Struct) roundTrip(schema, new Struct(schema));

        assertThat(read.getWithoutDefault("d")).isEqualTo(7);
        assertThat(read.getWithoutDefault("o")).isNull();
    }

    @Test
    void shouldRefuseAValueWithoutSchema() {
        configure();

        assertThatThrownBy(() -> converter.fromConnectData("t", null, Map.of("a", 1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("without schema");
    }

    @Test
    void shouldSayWhichFieldIsMissing() {
        configure();
        Schema schema =
                SchemaBuilder.struct().name("x.Y").field("needed", Schema.STRING_SCHEMA).build();

        assertThatThrownBy(() -> converter.fromConnectData("t", schema, new Struct(schema)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("'x.Y.needed' is required");
    }

    @Test
    void shouldRefuseNamesThatAvroDoesNotAllow() {
        configure();
        Schema schema =
                SchemaBuilder.struct().name("x.Y").field("a-b", Schema.STRING_SCHEMA).build();

        assertThatThrownBy(() ->
                        converter.fromConnectData("t", schema, new Struct(schema).put("a-b", "")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("x.Y")
                .hasMessageContaining("a-b");
    }

    @Test
    void shouldRefuseMapsWithOtherKeysThanStrings() {
        configure();
        Schema schema = SchemaBuilder.map(Schema.INT32_SCHEMA, Schema.STRING_SCHEMA).build();

        assertThatThrownBy(() -> converter.fromConnectData("t", schema, Map.of(1, "a")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("string keys only");
    }

    @Test
    void shouldRefuseTwoMeaningsOfOneName() {
        configure();
        Schema one = SchemaBuilder.struct().name("x.A").field("a", Schema.INT32_SCHEMA).build();
        Schema two = SchemaBuilder.struct().name("x.A").field("b", Schema.INT32_SCHEMA).build();
        Schema schema = SchemaBuilder.struct().name("x.B").field("p", one).field("q", two).build();
        Struct value =
                new Struct(schema)
                        .put("p", new Struct(one).put("a", 1))
                        .put("q", new Struct(two).put("b", 1));

        assertThatThrownBy(() -> converter.fromConnectData("t", schema, value))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("'x.A'");
    }

    @Test
    void shouldSayThatBytesAreNotFramed() {
        configure();

        assertThatThrownBy(() -> converter.toConnectData("t", "{\"a\":1}".getBytes(UTF_8)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("topic 't'")
                .hasMessageContaining("not in the schema registry's wire format");
    }

    @Test
    void shouldSayThatTheSchemaIsUnknown() {
        configure();

        assertThatThrownBy(() -> converter.toConnectData("t", WireFormat.frame(99, new byte[] {1})))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("topic 't'")
                .hasMessageContaining("99");
    }

    @Test
    void shouldSayThatBytesAreCutOff() {
        configure();
        int id = registry.put("t-value", org.apache.avro.Schema.create(STRING));

        assertThatThrownBy(() ->
                        converter.toConnectData("t", WireFormat.frame(id, new byte[] {20, 65})))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("does not fit the schema");
    }

    @Test
    void shouldRefuseUnionsAndRecursionThatConnectHasNoFormFor() {
        configure();
        org.apache.avro.Schema union =
                org.apache.avro.Schema.createUnion(
                        org.apache.avro.Schema.create(STRING),
                        org.apache.avro.Schema.create(org.apache.avro.Schema.Type.INT));
        int id = registry.put("t-value", union);
        org.apache.avro.Schema list =
                new org.apache.avro.Schema.Parser()
                        .parse(
                                "{\"type\":\"record\",\"name\":\"L\",\"fields\":[{\"name\":\"n\","
                                        + "\"type\":[\"null\",\"L\"]}]}");
        int recursive = registry.put("t-value", list);

        assertThatThrownBy(
                        () -> converter.toConnectData("t", WireFormat.frame(id, new byte[] {0, 0})))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no form in Connect");
        assertThatThrownBy(() ->
                        converter.toConnectData("t", WireFormat.frame(recursive, new byte[] {0})))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("holds itself");
    }

    @Test
    void shouldBeRepeatedWhenTheRegistryIsDown() {
        configure();
        registry.close();

        assertThatThrownBy(() -> converter.fromConnectData("t", Schema.STRING_SCHEMA, "a"))
                .isInstanceOf(RetriableException.class);
    }

    @Test
    void shouldNotRegisterWhenItMayNot() {
        settings.put("auto.register.schemas", "false");
        configure();

        assertThatThrownBy(() -> converter.fromConnectData("t", Schema.STRING_SCHEMA, "a"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("t-value");
        registry.put("t-value", org.apache.avro.Schema.create(STRING));
        assertThat(roundTrip(Schema.STRING_SCHEMA, "a")).isEqualTo("a");
    }

    @Test
    void shouldRefuseBadSettings() {
        assertThatThrownBy(() -> converter.configure(Map.of(), false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("schema.registry.url");
        assertThatThrownBy(
                        () -> converter.configure(Map.of("schema.registry.url", "ftp://x"), false))
                .isInstanceOf(ConfigException.class);
        settings.put("value.subject.name.strategy", "io.example.RecordNameStrategy");
        assertThatThrownBy(this::configure).isInstanceOf(ConfigException.class);
    }

    @Test
    void shouldBeFoundByTheWorker() {
        assertThat(ServiceLoader.load(Converter.class))
                .anyMatch(each -> each instanceof AvroConverter);
    }

    private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;
    private static final org.apache.avro.Schema.Type STRING = org.apache.avro.Schema.Type.STRING;

    private void configure() {
        converter.configure(settings, false);
    }

    private Object roundTrip(Schema schema, Object value) {
        return converter.toConnectData("t", converter.fromConnectData("t", schema, value)).value();
    }

    private static java.util.Date date(long millis) {
        return java.util.Date.from(java.time.Instant.ofEpochMilli(millis));
    }

    private static Struct event() {
        return new Struct(EventSchemas.OBJECT_EVENT)
                .put("kind", "CREATED")
                .put("bucket", "photos")
                .put("key", "a.jpg")
                .put("size", 7L)
                .put("lastModified", date(1_767_225_600_000L));
    }

    private static Schema everything() {
        Schema inner =
                SchemaBuilder.struct()
                        .name("x.Inner")
                        .doc("an inner one")
                        .version(3)
                        .field("x", Schema.INT32_SCHEMA)
                        .build();
        return SchemaBuilder.struct()
                .name("x.Outer")
                .doc("every type")
                .field("int8", Schema.INT8_SCHEMA)
                .field("int16", Schema.OPTIONAL_INT16_SCHEMA)
                .field("int32", SchemaBuilder.int32().doc("a number").defaultValue(3).build())
                .field("int64", Schema.INT64_SCHEMA)
                .field("float32", Schema.FLOAT32_SCHEMA)
                .field("float64", Schema.FLOAT64_SCHEMA)
                .field("bool", SchemaBuilder.bool().defaultValue(true).build())
                .field("string", SchemaBuilder.string().name("x.Text").version(2).build())
                .field("bytes", Schema.BYTES_SCHEMA)
                .field("none", Schema.OPTIONAL_STRING_SCHEMA)
                .field("choice", SchemaBuilder.string().optional().defaultValue("b").build())
                .field("list", SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA).build())
                .field("map", SchemaBuilder.map(Schema.STRING_SCHEMA, inner).optional().build())
                .field("inner", inner)
                .field("decimal", Decimal.builder(2).build())
                .field(
                        "money",
                        Decimal.builder(2).parameter("connect.decimal.precision", "9").build())
                .field("date", Date.SCHEMA)
                .field("time", Time.builder().optional().build())
                .field("timestamp", Timestamp.builder().defaultValue(date(5)).build())
                .field(
                        "colour",
                        SchemaBuilder.string()
                                .parameter(ConnectProperties.ENUM, "x.Colour")
                                .parameter(ConnectProperties.ENUM_SYMBOLS, "RED,BLUE")
                                .build())
                .build();
    }

    private static Struct everything(Schema schema) {
        Schema inner = schema.field("inner").schema();
        Struct one = new Struct(inner).put("x", 1);
        return new Struct(schema)
                .put("int8", (byte) -8)
                .put("int16", (short) -16)
                .put("int32", 32)
                .put("int64", Long.MIN_VALUE)
                .put("float32", 1.5f)
                .put("float64", -2.5)
                .put("bool", false)
                .put("string", "日本 😀")
                .put("bytes", new byte[] {0, -1})
                .put("choice", "c")
                .put("list", Arrays.asList("a", null, "c"))
                .put("map", Map.of("k", one))
                .put("inner", one)
                .put("decimal", new BigDecimal("-12345678901234567890.12"))
                .put("money", new BigDecimal("12.34"))
                .put("date", date(86_400_000L * 20_000))
                .put("time", date(3_600_000))
                .put("timestamp", date(1_700_000_000_123L))
                .put("colour", "BLUE");
    }
}
