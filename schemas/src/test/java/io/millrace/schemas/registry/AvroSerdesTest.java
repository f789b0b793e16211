package io.millrace.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.AttemptOutcome;
import io.millrace.schemas.MeteringEntry;
import io.millrace.schemas.MeteringRecord;
import io.millrace.schemas.ScheduleTick;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

final class AvroSerdesTest {
    private static final String REGISTER = "POST /subjects/t-value/versions";
    private static final Schema PAIR =
            new Schema.Parser()
                    .parse(
                            """
                            {"type": "record", "name": "Pair", "fields": [
                              {"name": "a", "type": "string"}, {"name": "b", "type": "int"}]}
                            """);

    private final FakeRegistry registry = FakeRegistry.start();

    @AfterEach
    void closeRegistry() {
        registry.close();
    }

    @Test
    void shouldKeepNull() {
        assertThat(serializer(Map.of()).serialize("t", null)).isNull();
        assertThat(deserializer(Map.of()).deserialize("t", null)).isNull();
    }

    @Test
    void shouldRefuseBytesThatAreNotFramed() {
        assertThatThrownBy(() -> deserializer(Map.of()).deserialize("t", new byte[] {1, 2, 3}))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("wire format");
    }

    @Test
    void shouldTellARegistryFaultApartFromBadBytes() {
        registry.on("GET /schemas/ids/9", 404, "{\"error_code\":40403,\"message\":\"no\"}");
        byte[] framed = WireFormat.frame(9, new byte[0]);

        assertThatThrownBy(() -> deserializer(Map.of()).deserialize("t", framed))
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        it -> assertThat(it.kind()).isEqualTo(RegistryException.Kind.NOT_FOUND));
    }

    static Stream<byte[]> garbage() {
        return Stream.of(
                new byte[0], // nothing at all
                new byte[] {2}, // cut inside the string
                new byte[] {2, 'x'}, // cut before the number
                new byte[] {-1, -1, -1, -1, 15, 'x'}, // a string of 2 GB
                new byte[] {3, 'x', 2}, // a negative length
                new byte[] {2, 'x', -1, -1, -1, -1, -1, -1}, // a number without end
                new byte[] {2, 'x', 2, 0}); // one byte too many
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void shouldRefuseBytesThatDoNotFitTheSchema(byte[] avro) {
        registry.on("GET /schemas/ids/9", 200, answer(PAIR));
        byte[] framed = WireFormat.frame(9, avro);

        assertThatThrownBy(() -> deserializer(Map.of()).deserialize("t", framed))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("topic 't'")
                .hasMessageContaining("schema id 9 ('Pair')");
    }

    @Test
    void shouldSurviveNestingThatIsTooDeep() {
        Schema list =
                new Schema.Parser()
                        .parse(
                                """
                                {"type": "record", "name": "L", "fields": [
                                  {"name": "next", "type": ["null", "L"]}]}
                                """);
        registry.on("GET /schemas/ids/9", 200, answer(list));
        byte[] deep = new byte[2_000_000];
        Arrays.fill(deep, (byte) 2);

        assertThatThrownBy(() -> deserializer(Map.of()).deserialize("t", WireFormat.frame(9, deep)))
                .isInstanceOf(SerializationException.class);
    }

    @Test
    void shouldRefuseARecordThatDoesNotFitItsSchema() {
        registry.on(REGISTER, 200, "{\"id\":9}");
        GenericRecord incomplete = new GenericData.Record(PAIR);

        assertThatThrownBy(() -> serializer(Map.of()).serialize("t", incomplete))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("topic 't'")
                .hasMessageContaining("'Pair'");
    }

    @Test
    void shouldRefuseAValueThatIsNoAvro() {
        assertThatThrownBy(() -> serializer(Map.of()).serialize("t", Instant.EPOCH))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("java.time.Instant");
    }

    @Test
    void shouldReadGenericRecordsAsTheyWereWritten() {
        registry.on(REGISTER, 200, "{\"id\":9}").on("GET /schemas/ids/9", 200, answer(PAIR));
        GenericRecord pair = new GenericRecordBuilder(PAIR).set("a", "x").set("b", 3).build();

        byte[] framed = serializer(Map.of()).serialize("t", pair);

        assertThat(framed).startsWith(0, 0, 0, 0, 9);
        Object read = deserializer(Map.of()).deserialize("t", framed);
        assertThat(read).hasToString(pair.toString());
    }

    static Stream<Object> plainValues() {
        return Stream.of("text", 7, 7L, 1.5f, 1.5d, true, new byte[] {1, 2});
    }

    @ParameterizedTest
    @MethodSource("plainValues")
    void shouldReadPlainValuesAsTheyWereWritten(Object value) {
        registry.on(REGISTER, 200, "{\"id\":9}");
        byte[] framed = serializer(Map.of()).serialize("t", value);
        String schema = registry.asked().get(0).body();
        registry.on("GET /schemas/ids/9", 200, schema);

        Object read = deserializer(Map.of()).deserialize("t", framed);

        assertThat(read).isEqualTo(value);
    }

    @Test
    void shouldReadGeneratedClassesByTheNameOfTheirSchema() {
        registry.on(REGISTER, 200, "{\"id\":9}")
                .on("GET /schemas/ids/9", 200, answer(ScheduleTick.getClassSchema()));
        byte[] framed = serializer(Map.of()).serialize("t", tick());

        Object read = deserializer(Map.of("specific.avro.reader", true)).deserialize("t", framed);

        assertThat(read).isEqualTo(tick());
    }

    @Test
    void shouldReadGeneratedClassesWrittenWithAnEarlierForm() {
        Schema earlier =
                new Schema.Parser()
                        .parse(
                                """
                                {"type": "record", "name": "ScheduleTick",
                                 "namespace": "io.millrace.schemas", "fields": [
                                  {"name": "schedule", "type": "string"},
                                  {"name": "expression", "type": "string"},
                                  {"name": "gone", "type": "int"},
                                  {"name": "dueAt", "type":
                                    {"type": "long", "logicalType": "timestamp-millis"}}]}
                                """);
        registry.on(REGISTER, 200, "{\"id\":9}").on("GET /schemas/ids/9", 200, answer(earlier));
        GenericRecord old =
                new GenericRecordBuilder(earlier)
                        .set("schedule", "s")
                        .set("expression", "rate(1 minute)")
                        .set("gone", 1)
                        .set("dueAt", 1_000L)
                        .build();
        byte[] framed = serializer(Map.of()).serialize("t", old);

        ScheduleTick read = typed().deserialize("t", framed);

        assertThat(read).isEqualTo(tick());
    }

    @Test
    void shouldTellThatTheGeneratedClassIsMissing() {
        registry.on("GET /schemas/ids/9", 200, answer(PAIR));
        byte[] framed = WireFormat.frame(9, new byte[] {2, 'x', 2});

        assertThatThrownBy(() ->
                        deserializer(Map.of("specific.avro.reader", "true"))
                                .deserialize("t", framed))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("no generated class 'Pair'")
                .hasMessageContaining("specific.avro.reader");
    }

    @Test
    void shouldNotLoadAClassThatAvroDidNotGenerate() {
        Schema foreign =
                new Schema.Parser()
                        .parse("{\"type\":\"record\",\"name\":\"java.lang.Thread\",\"fields\":[]}");
        registry.on("GET /schemas/ids/9", 200, answer(foreign));
        byte[] framed = WireFormat.frame(9, new byte[0]);

        assertThatThrownBy(() ->
                        deserializer(Map.of("specific.avro.reader", "true"))
                                .deserialize("t", framed))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("no generated class 'java.lang.Thread'");
    }

    @Test
    void shouldReadNestedGeneratedClasses() {
        registry.on(REGISTER, 200, "{\"id\":9}")
                .on("GET /schemas/ids/9", 200, answer(MeteringRecord.getClassSchema()));
        MeteringRecord metering = metering();
        byte[] framed = serializer(Map.of()).serialize("t", metering);

        Object read = deserializer(Map.of("specific.avro.reader", true)).deserialize("t", framed);

        assertThat(read).isEqualTo(metering);
    }

    @Test
    void shouldRegisterTheSchemaWithoutWhatIsForJavaOnly() {
        registry.on(REGISTER, 200, "{\"id\":9}");
        assertThat(ScheduleTick.getClassSchema().toString()).contains("avro.java.string");

        serializer(Map.of()).serialize("t", tick());

        assertThat(registry.asked().get(0).body())
                .contains("ScheduleTick", "Name of the schedule.")
                .doesNotContain("avro.java.string");
    }

    @Test
    void shouldNotRegisterWhenItMayNot() {
        registry.on("POST /subjects/t-value", 404, "{\"error_code\":40401,\"message\":\"no\"}");

        assertThatThrownBy(() ->
                        serializer(Map.of("auto.register.schemas", "false")).serialize("t", "x"))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("'t-value'");
        assertThat(registry.asked()).hasSize(1);
    }

    @Test
    void shouldUseTheSubjectOfKeys() {
        registry.on("POST /subjects/t-key/versions", 200, "{\"id\":9}");
        try (AvroSerializer<Object> keys = new AvroSerializer<>()) {
            keys.configure(settings(Map.of()), true);

            assertThat(keys.serialize("t", "k")).startsWith(0, 0, 0, 0, 9);
        }
    }

    @Test
    void shouldRefuseAnotherSubjectStrategy() {
        assertThatThrownBy(() ->
                        serializer(Map.of("value.subject.name.strategy", "a.RecordNameStrategy")))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("TopicNameStrategy");
    }

    @Test
    void shouldRefuseASwitchThatIsNeitherTrueNorFalse() {
        assertThatThrownBy(() -> serializer(Map.of("auto.register.schemas", "yes")))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("'auto.register.schemas' is 'yes'");
    }

    @Test
    void shouldLeaveASharedClientOpen() {
        registry.on(REGISTER, 200, "{\"id\":9}");
        SchemaRegistryClient shared = new SchemaRegistryClient(RegistryConfig.of(registry.url()));

        new AvroSerializer<String>(shared).close();

        assertThat(shared.register("t-value", PAIR)).isEqualTo(9);
        shared.close();
    }

    private AvroSerializer<Object> serializer(Map<String, ?> settings) {
        AvroSerializer<Object> serializer = new AvroSerializer<>();
        serializer.configure(settings(settings), false);
        return serializer;
    }

    private AvroDeserializer<Object> deserializer(Map<String, ?> settings) {
        AvroDeserializer<Object> deserializer = new AvroDeserializer<>();
        deserializer.configure(settings(settings), false);
        return deserializer;
    }

    private AvroDeserializer<ScheduleTick> typed() {
        return new AvroDeserializer<>(
                new SchemaRegistryClient(RegistryConfig.of(registry.url())), ScheduleTick.class);
    }

    private Map<String, Object> settings(Map<String, ?> more) {
        Map<String, Object> all = new HashMap<>(more);
        all.put(RegistryConfig.URL, registry.url());
        return all;
    }

    private static ScheduleTick tick() {
        return ScheduleTick.newBuilder()
                .setSchedule("s")
                .setExpression("rate(1 minute)")
                .setDueAt(Instant.ofEpochSecond(1))
                .build();
    }

    private static MeteringRecord metering() {
        MeteringEntry entry =
                MeteringEntry.newBuilder()
                        .setRequestId("r")
                        .setFunction("f")
                        .setVersion("$LATEST")
                        .setFirstOffset(1)
                        .setLastOffset(2)
                        .setEvents(2)
                        .setAttempt(1)
                        .setStartedAt(Instant.ofEpochMilli(5))
                        .setDurationNanos(10)
                        .setBilledMillis(1)
                        .setMemoryMb(128)
                        .setOutcome(AttemptOutcome.TIMED_OUT)
                        .build();
        return MeteringRecord.newBuilder()
                .setTrigger("t")
                .setTopic("topic")
                .setPartition(0)
                .setNode("n")
                .setEntries(List.of(entry))
                .build();
    }

    private static String answer(Schema schema) {
        return RegistryAnswer.JSON.createObjectNode().put("schema", schema.toString()).toString();
    }
}
