package io.millrace.connectors.table;

import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells which columns of an old row are known.
 *
 * <p>Without {@code REPLICA IDENTITY FULL}, PostgreSQL tells the key of a row that is removed and
 * nothing else. The connector puts null into the other columns, or, where a column must not be
 * null, its default, zero, an empty text or 1970. Nothing in the event says so. A row in which
 * every other column looks like that is therefore taken for one of which only the key is known:
 * nothing invented is told as the row's own.
 */
final class OldRow {
    private static final String EPOCH = "1970-01-01T00:00:00";

    private OldRow() {}

    /** The columns that are not known: none, or all but the key. */
    static Set<String> unknown(Struct row, Set<String> keys) {
        if (keys.isEmpty()) {
            // Without a key PostgreSQL refuses the change, or tells the whole row.
            return Set.of();
        }
        Set<String> others =
                row.schema().fields().stream()
                        .map(Field::name)
                        .filter(name -> !keys.contains(name))
                        .collect(Collectors.toUnmodifiableSet());
        boolean blank = others.stream().allMatch(name -> isBlank(row, row.schema().field(name)));
        return blank ? others : Set.of();
    }

    private static boolean isBlank(Struct row, Field field) {
        Object value = row.getWithoutDefault(field.name());
        return value == null
                || value.equals(field.schema().defaultValue())
                || (!field.schema().isOptional() && isFiller(value));
    }

    /** What the connector puts into a column that must not be null. */
    private static boolean isFiller(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal.signum() == 0;
        }
        if (value instanceof Number number) {
            return number.doubleValue() == 0;
        }
        if (value instanceof String text) {
            return text.isEmpty()
                    || text.equals("{}")
                    || text.startsWith(EPOCH)
                    || text.startsWith("00:00:00");
        }
        if (value instanceof java.util.Date date) {
            return date.toInstant().equals(java.time.Instant.EPOCH);
        }
        if (value instanceof ByteBuffer buffer) {
            return isZero(buffer.duplicate());
        }
        if (value instanceof byte[] bytes) {
            return isZero(ByteBuffer.wrap(bytes));
        }
        if (value instanceof Struct struct) {
            return struct.schema().fields().stream()
                    .map(field -> struct.getWithoutDefault(field.name()))
                    .allMatch(each -> each == null || isFiller(each));
        }
        return Boolean.FALSE.equals(value)
                || (value instanceof Collection<?> list && list.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty());
    }

    private static boolean isZero(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (bytes.get() != 0) {
                return false;
            }
        }
        return true;
    }
}
