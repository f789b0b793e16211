package io.millrace.connectors.table;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Recognises what a connector writes for a column whose value the database did not tell, for
 * example a large PostgreSQL value that an update left as it was. Threading: any thread.
 */
final class UnavailableValues {
    private final String text;
    private final byte[] bytes;
    private final List<Long> codes;
    private final String uuid;

    UnavailableValues(String placeholder) {
        this.text = placeholder;
        this.bytes = placeholder.getBytes(StandardCharsets.UTF_8);
        this.codes = new ArrayList<>();
        for (byte each : bytes) {
            codes.add((long) each);
        }
        this.uuid = UUID.nameUUIDFromBytes(bytes).toString();
    }

    /** Whether the value stands for one that was not told. */
    boolean contain(Object value) {
        if (value instanceof String string) {
            return string.equals(text);
        }
        if (value instanceof byte[] array) {
            return Arrays.equals(array, bytes);
        }
        if (value instanceof ByteBuffer buffer) {
            return buffer.equals(ByteBuffer.wrap(bytes));
        }
        if (value instanceof List<?> list) {
            return containList(list);
        }
        return value instanceof Map<?, ?> map && map.equals(Map.of(text, text));
    }

    private boolean containList(List<?> list) {
        if (list.size() == 1) {
            return text.equals(list.get(0)) || uuid.equals(list.get(0));
        }
        return list.size() == codes.size()
                && list.stream().allMatch(Number.class::isInstance)
                && list.stream().map(each -> ((Number) each).longValue()).toList().equals(codes);
    }
}
