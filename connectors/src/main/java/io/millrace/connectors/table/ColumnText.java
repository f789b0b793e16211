package io.millrace.connectors.table;

import com.fasterxml.jackson.core.JsonGenerator;

import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * Writes values of columns as JSON: decimals with all of their digits, bytes in base64, bits as
 * zeros and ones, dates and times in ISO-8601, structures as objects. Threading: any thread.
 */
final class ColumnText {
    private static final long MILLIS = 1_000;
    private static final long MICROS = 1_000_000;
    private static final long NANOS = 1_000_000_000;

    private final boolean decimalsAsText;
    private final Map<String, Writer> byName;

    ColumnText(boolean decimalsAsText) {
        this.decimalsAsText = decimalsAsText;
        this.byName =
                Map.ofEntries(
                        Map.entry(Decimal.LOGICAL_NAME, this::decimal),
                        Map.entry("io.debezium.data.VariableScaleDecimal", this::variableDecimal),
                        Map.entry("io.debezium.data.Bits", ColumnText::bits),
                        Map.entry("io.debezium.time.Date", text(TimeText::date)),
                        Map.entry("io.debezium.time.Time", time(MILLIS)),
                        Map.entry("io.debezium.time.MicroTime", time(MICROS)),
                        Map.entry("io.debezium.time.NanoTime", time(NANOS)),
                        Map.entry("io.debezium.time.Timestamp", timestamp(MILLIS)),
                        Map.entry("io.debezium.time.MicroTimestamp", timestamp(MICROS)),
                        Map.entry("io.debezium.time.NanoTimestamp", timestamp(NANOS)),
                        Map.entry("io.debezium.time.MicroDuration", duration(MICROS)),
                        Map.entry("io.debezium.time.NanoDuration", duration(NANOS)),
                        // Connect's own types hold the times of a database as if it stood in UTC.
                        Map.entry(Date.LOGICAL_NAME, connectDate()),
                        Map.entry(Time.LOGICAL_NAME, connect(time(MILLIS))),
                        Map.entry(Timestamp.LOGICAL_NAME, connect(timestamp(MILLIS))));
    }

    /** Writes one value; null as null. */
    void write(JsonGenerator json, Schema schema, @Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
            return;
        }
        Writer writer = schema.name() == null ? null : byName.get(schema.name());
        if (writer == null) {
            plain(json, schema, value);
        } else {
            writer.write(json, schema, value);
        }
    }

    private void plain(JsonGenerator json, Schema schema, Object value) throws IOException {
        if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof Number number) {
            number(json, number);
        } else if (value instanceof byte[] || value instanceof ByteBuffer) {
            json.writeBinary(bytes(value));
        } else if (value instanceof Struct struct) {
            json.writeStartObject();
            for (Field field : struct.schema().fields()) {
                json.writeFieldName(field.name());
                write(json, field.schema(), struct.getWithoutDefault(field.name()));
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object each : list) {
                write(json, schema.valueSchema(), each);
            }
            json.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> each : map.entrySet()) {
                json.writeFieldName(String.valueOf(each.getKey()));
                write(json, schema.valueSchema(), each.getValue());
            }
            json.writeEndObject();
        } else {
            throw new UnmappableChangeException(
                    "A value of the type '" + value.getClass().getName() + "' has no JSON form");
        }
    }

    /** JSON has no words for what is no number. */
    private static void number(JsonGenerator json, Number number) throws IOException {
        boolean fraction = number instanceof Double || number instanceof Float;
        if (fraction && !Double.isFinite(number.doubleValue())) {
            json.writeString(number.toString());
        } else {
            json.writeNumber(number.toString());
        }
    }

    private void decimal(JsonGenerator json, Schema schema, Object value) throws IOException {
        if (!(value instanceof BigDecimal decimal)) {
            throw unexpected(schema, value);
        }
        if (decimalsAsText) {
            json.writeString(decimal.toPlainString());
        } else {
            json.writeNumber(decimal.toPlainString());
        }
    }

    private void variableDecimal(JsonGenerator json, Schema schema, Object value)
            throws IOException {
        if (!(value instanceof Struct struct)) {
            throw unexpected(schema, value);
        }
        int scale = Fields.number(struct, "scale").orElse(0L).intValue();
        byte[] unscaled =
                bytes(Fields.value(struct, "value").orElseThrow(() -> unexpected(schema, value)));
        decimal(json, schema, new BigDecimal(new BigInteger(unscaled), scale));
    }

    /** The lowest bit comes first in what Debezium tells, and last in what people write. */
    private static void bits(JsonGenerator json, Schema schema, Object value) throws IOException {
        byte[] bytes = bytes(value);
        Map<String, String> parameters =
                schema.parameters() == null ? Map.of() : schema.parameters();
        String length = parameters.getOrDefault("length", "");
        int bits = length.matches("\\d{1,9}") ? Integer.parseInt(length) : bytes.length * Byte.SIZE;
        StringBuilder text = new StringBuilder(Math.min(bits, bytes.length * Byte.SIZE));
        for (int bit = bits - 1; bit >= 0; bit--) {
            int at = bit / Byte.SIZE;
            boolean set = at < bytes.length && (bytes[at] >> (bit % Byte.SIZE) & 1) == 1;
            text.append(set ? '1' : '0');
        }
        json.writeString(text.toString());
    }

    private static byte[] bytes(Object value) {
        if (value instanceof byte[] array) {
            return array;
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] copy = new byte[buffer.remaining()];
            buffer.duplicate().get(copy);
            return copy;
        }
        throw new UnmappableChangeException(
                "Bytes were expected, and found was '" + value.getClass().getName() + "'");
    }

    private static Writer time(long perSecond) {
        return text(ticks -> TimeText.time(ticks, perSecond));
    }

    private static Writer timestamp(long perSecond) {
        return text(ticks -> TimeText.timestamp(ticks, perSecond));
    }

    private static Writer duration(long perSecond) {
        return text(ticks -> TimeText.duration(ticks, perSecond));
    }

    private static Writer connectDate() {
        Writer days = text(TimeText::date);
        return (json, schema, value) -> {
            if (!(value instanceof java.util.Date date)) {
                throw unexpected(schema, value);
            }
            days.write(json, schema, Math.floorDiv(date.toInstant().toEpochMilli(), 86_400_000L));
        };
    }

    private static Writer connect(Writer ofMillis) {
        return (json, schema, value) -> {
            if (!(value instanceof java.util.Date date)) {
                throw unexpected(schema, value);
            }
            ofMillis.write(json, schema, date.toInstant().toEpochMilli());
        };
    }

    private static Writer text(TicksText form) {
        return (json, schema, value) -> {
            if (!(value instanceof Number number)) {
                throw unexpected(schema, value);
            }
            json.writeString(form.of(number.longValue()));
        };
    }

    private static UnmappableChangeException unexpected(Schema schema, Object value) {
        return new UnmappableChangeException(
                "A value of the type '"
                        + schema.name()
                        + "' was expected, and found was '"
                        + value.getClass().getName()
                        + "'");
    }

    @FunctionalInterface
    private interface Writer {
        void write(JsonGenerator json, Schema schema, Object value) throws IOException;
    }

    @FunctionalInterface
    private interface TicksText {
        String of(long ticks);
    }
}
