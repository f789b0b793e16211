package io.millrace.connectors.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

final class RowJsonTest {
    private static final String PLACEHOLDER = "__debezium_unavailable_value";
    private static final Schema VARIABLE =
            SchemaBuilder.struct()
                    .name("io.debezium.data.VariableScaleDecimal")
                    .field("scale", Schema.INT32_SCHEMA)
                    .field("value", Schema.BYTES_SCHEMA)
                    .build();
    private static final Schema POINT =
            SchemaBuilder.struct()
                    .name("io.debezium.data.geometry.Point")
                    .field("x", Schema.FLOAT64_SCHEMA)
                    .field("wkb", Schema.OPTIONAL_BYTES_SCHEMA)
                    .field("srid", Schema.OPTIONAL_INT32_SCHEMA)
                    .build();

    static Stream<Arguments> values() {
        return Stream.of(scalars(), times(), structures()).flatMap(each -> each);
    }

    private static Stream<Arguments> scalars() {
        return Stream.of(
                Arguments.of(Schema.INT64_SCHEMA, Long.MAX_VALUE, "9223372036854775807"),
                Arguments.of(Schema.INT16_SCHEMA, (short) -1, "-1"),
                Arguments.of(Schema.BOOLEAN_SCHEMA, true, "true"),
                Arguments.of(
                        Schema.STRING_SCHEMA,
                        "a \"b\"\n\u0001 \u00fc",
                        "\"a \\\"b\\\"\\n\\u0001 \u00fc\""),
                Arguments.of(Schema.FLOAT32_SCHEMA, 1.5f, "1.5"),
                Arguments.of(Schema.FLOAT64_SCHEMA, 1e300, "1.0E300"),
                Arguments.of(Schema.FLOAT64_SCHEMA, Double.NaN, "\"NaN\""),
                Arguments.of(Schema.FLOAT64_SCHEMA, Double.NEGATIVE_INFINITY, "\"-Infinity\""),
                Arguments.of(Decimal.schema(2), new BigDecimal("12.50"), "12.50"),
                Arguments.of(
                        Decimal.schema(20),
                        new BigDecimal("123456789012345678901234567890.00000000000000000001"),
                        "123456789012345678901234567890.00000000000000000001"),
                Arguments.of(Decimal.schema(-3), new BigDecimal("12E+3"), "12000"),
                Arguments.of(VARIABLE, variable(new BigDecimal("-0.001")), "-0.001"),
                Arguments.of(
                        Schema.BYTES_SCHEMA, ByteBuffer.wrap(new byte[] {-54, -2}), "\"yv4=\""),
                Arguments.of(Schema.BYTES_SCHEMA, new byte[0], "\"\""),
                Arguments.of(bits(5), new byte[] {0x16}, "\"10110\""),
                Arguments.of(bits(10), new byte[] {0x01, 0x02}, "\"1000000001\""));
    }

    private static Stream<Arguments> times() {
        return Stream.of(
                Arguments.of(number("io.debezium.time.Date"), 20_484L, "\"2026-01-31\""),
                Arguments.of(number("io.debezium.time.Date"), -1L, "\"1969-12-31\""),
                Arguments.of(number("io.debezium.time.Date"), 2_146_033_979L, "\"infinity\""),
                Arguments.of(number("io.debezium.time.Date"), -2_147_472_691L, "\"-infinity\""),
                Arguments.of(number("io.debezium.time.Time"), 0L, "\"00:00:00\""),
                Arguments.of(
                        number("io.debezium.time.MicroTime"),
                        36_930_123_456L,
                        "\"10:15:30.123456\""),
                Arguments.of(number("io.debezium.time.MicroTime"), 86_400_000_000L, "\"24:00:00\""),
                Arguments.of(
                        number("io.debezium.time.MicroTime"),
                        -360_615_123_000L,
                        "\"-100:10:15.123\""),
                Arguments.of(
                        number("io.debezium.time.Timestamp"), -1L, "\"1969-12-31T23:59:59.999\""),
                Arguments.of(
                        number("io.debezium.time.MicroTimestamp"),
                        1_769_854_530_123_456L,
                        "\"2026-01-31T10:15:30.123456\""),
                Arguments.of(
                        number("io.debezium.time.MicroTimestamp"), Long.MAX_VALUE, "\"infinity\""),
                Arguments.of(
                        number("io.debezium.time.MicroTimestamp"), Long.MIN_VALUE, "\"-infinity\""),
                Arguments.of(
                        number("io.debezium.time.NanoTimestamp"),
                        1L,
                        "\"1970-01-01T00:00:00.000000001\""),
                Arguments.of(
                        number("io.debezium.time.MicroDuration"), 90_500_000L, "\"PT1M30.5S\""),
                Arguments.of(
                        named("io.debezium.time.ZonedTimestamp"),
                        "2026-01-31T09:15:30.123456Z",
                        "\"2026-01-31T09:15:30.123456Z\""),
                Arguments.of(
                        Date.SCHEMA,
                        java.util.Date.from(Instant.ofEpochMilli(86_400_000L)),
                        "\"1970-01-02\""),
                Arguments.of(
                        Timestamp.SCHEMA,
                        java.util.Date.from(Instant.ofEpochMilli(1)),
                        "\"1970-01-01T00:00:00.001\""));
    }

    private static Stream<Arguments> structures() {
        return Stream.of(
                Arguments.of(
                        named("io.debezium.data.Json"), "{\"a\":1.10}", "\"{\\\"a\\\":1.10}\""),
                Arguments.of(
                        SchemaBuilder.array(Schema.OPTIONAL_INT32_SCHEMA).build(),
                        listOf(1, null),
                        "[1,null]"),
                Arguments.of(
                        SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.OPTIONAL_STRING_SCHEMA)
                                .build(),
                        Map.of("k", "v"),
                        "{\"k\":\"v\"}"),
                Arguments.of(
                        POINT,
                        new Struct(POINT).put("x", 1.0).put("wkb", new byte[] {1}),
                        "{\"x\":1.0,\"wkb\":\"AQ==\",\"srid\":null}"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void shouldWriteEveryTypeExactly(Schema schema, Object value, String json) {
        RowJson row = json(Envelopes.row("c", schema, value), false);

        assertThat(row.text()).isEqualTo("{\"c\":" + json + "}");
        assertThat(row.unknown()).isEmpty();
    }

    @Test
    void shouldWriteDecimalsAsTextsWhenAskedTo() {
        Struct fixed = Envelopes.row("c", Decimal.schema(2), new BigDecimal("12.50"));
        Struct variable = Envelopes.row("c", VARIABLE, variable(new BigDecimal("1.0")));

        assertThat(json(fixed, true).text()).isEqualTo("{\"c\":\"12.50\"}");
        assertThat(json(variable, true).text()).isEqualTo("{\"c\":\"1.0\"}");
    }

    @Test
    void shouldTellNullAndNotTheDefaultOfTheColumn() {
        Schema schema = SchemaBuilder.string().optional().defaultValue("invented").build();

        RowJson row = json(Envelopes.row("c", schema, null), false);

        assertThat(row.text()).isEqualTo("{\"c\":null}");
    }

    static Stream<Arguments> unavailable() {
        byte[] bytes = PLACEHOLDER.getBytes(StandardCharsets.UTF_8);
        List<Integer> codes = new ArrayList<>();
        List<Long> longs = new ArrayList<>();
        for (byte each : bytes) {
            codes.add((int) each);
            longs.add((long) each);
        }
        return Stream.of(
                Arguments.of(Schema.STRING_SCHEMA, PLACEHOLDER),
                Arguments.of(Schema.BYTES_SCHEMA, bytes),
                Arguments.of(Schema.BYTES_SCHEMA, ByteBuffer.wrap(bytes)),
                Arguments.of(
                        SchemaBuilder.array(Schema.STRING_SCHEMA).build(), List.of(PLACEHOLDER)),
                Arguments.of(SchemaBuilder.array(Schema.INT32_SCHEMA).build(), codes),
                Arguments.of(SchemaBuilder.array(Schema.INT64_SCHEMA).build(), longs),
                Arguments.of(
                        SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.STRING_SCHEMA).build(),
                        Map.of(PLACEHOLDER, PLACEHOLDER)));
    }

    @ParameterizedTest
    @MethodSource("unavailable")
    void shouldLeaveOutWhatTheDatabaseDidNotTell(Schema schema, Object value) {
        RowJson row = json(Envelopes.row("c", schema, value), false);

        assertThat(row.text()).isEqualTo("{}");
        assertThat(row.unknown()).containsExactly("c");
    }

    @Test
    void shouldKeepTextsThatOnlyBeginLikeThePlaceholder() {
        RowJson row = json(Envelopes.row("c", Schema.STRING_SCHEMA, PLACEHOLDER + "s"), false);

        assertThat(row.text()).isEqualTo("{\"c\":\"" + PLACEHOLDER + "s\"}");
    }

    @Test
    void shouldNameTheColumnThatCannotBeTold() {
        Struct odd = Envelopes.row("price", named("io.debezium.time.Date"), "soon");

        assertThatThrownBy(() -> json(odd, false))
                .isInstanceOf(UnmappableChangeException.class)
                .hasMessageContaining("'price'")
                .hasMessageContaining("io.debezium.time.Date");
    }

    private static RowJson json(Struct row, boolean decimalsAsText) {
        return RowJson.of(
                row, Set.of(), new UnavailableValues(PLACEHOLDER), new ColumnText(decimalsAsText));
    }

    private static Schema number(String name) {
        return SchemaBuilder.int64().name(name).build();
    }

    private static Schema named(String name) {
        return SchemaBuilder.string().name(name).build();
    }

    private static Schema bits(int length) {
        return SchemaBuilder.bytes()
                .name("io.debezium.data.Bits")
                .parameter("length", Integer.toString(length))
                .build();
    }

    private static Struct variable(BigDecimal decimal) {
        return new Struct(VARIABLE)
                .put("scale", decimal.scale())
                .put("value", decimal.unscaledValue().toByteArray());
    }

    private static List<@Nullable Integer> listOf(@Nullable Integer... values) {
        List<@Nullable Integer> list = new ArrayList<>();
        for (Integer value : values) {
            list.add(value);
        }
        return list;
    }
}
