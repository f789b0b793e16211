package io.millrace.engine.render;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * JSON as typed values of DynamoDB: text is S, a number N as text, a truth value BOOL, null NULL,
 * an object M, a list L. The other types have no counterpart in JSON: bytes come as base64 text.
 */
final class AttributeValues {
    /** DynamoDB's own bound is 32; what is deeper than this cannot be written as JSON any more. */
    static final int MAX_DEPTH = 100;

    /** Beyond the range of DynamoDB's numbers, plain digits would be many. */
    private static final int MAX_PLAIN_EXPONENT = 130;

    private static final int CONTAINER_BYTES = 3;

    private AttributeValues() {}

    /**
     * Writes the attributes of an item.
     *
     * @param what is written, for the message
     * @return what DynamoDB counts as their size in bytes
     */
    static long writeItem(String what, JsonNode item, JsonGenerator out)
            throws IOException, Unrenderable {
        return writeMap(what, item, out, 0);
    }

    private static long writeMap(String what, JsonNode object, JsonGenerator out, int depth)
            throws IOException, Unrenderable {
        if (depth > MAX_DEPTH) {
            throw new Unrenderable(
                    "field '" + what + "' is nested deeper than " + MAX_DEPTH + " levels");
        }
        long size = 0;
        out.writeStartObject();
        for (Map.Entry<String, JsonNode> attribute : object.properties()) {
            out.writeFieldName(attribute.getKey());
            size += utf8Size(attribute.getKey());
            size += write(what, attribute.getValue(), out, depth + 1);
        }
        out.writeEndObject();
        return size;
    }

    private static long write(String what, JsonNode value, JsonGenerator out, int depth)
            throws IOException, Unrenderable {
        out.writeStartObject();
        long size =
                switch (value.getNodeType()) {
                    case STRING -> text("S", value.textValue(), out);
                    case NUMBER -> text("N", number(value.decimalValue()), out);
                    case BOOLEAN -> {
                        out.writeBooleanField("BOOL", value.booleanValue());
                        yield 1;
                    }
                    case NULL -> {
                        out.writeBooleanField("NULL", true);
                        yield 1;
                    }
                    case OBJECT -> {
                        out.writeFieldName("M");
                        yield CONTAINER_BYTES + writeMap(what, value, out, depth);
                    }
                    case ARRAY -> {
                        out.writeFieldName("L");
                        yield CONTAINER_BYTES + writeList(what, value, out, depth);
                    }
                    case BINARY, MISSING, POJO ->
                            throw new IllegalStateException("JSON holds no " + value.getNodeType());
                };
        out.writeEndObject();
        return size;
    }

    private static long writeList(String what, JsonNode list, JsonGenerator out, int depth)
            throws IOException, Unrenderable {
        if (depth > MAX_DEPTH) {
            throw new Unrenderable(
                    "field '" + what + "' is nested deeper than " + MAX_DEPTH + " levels");
        }
        long size = 0;
        out.writeStartArray();
        for (JsonNode element : list) {
            size += write(what, element, out, depth + 1);
        }
        out.writeEndArray();
        return size;
    }

    private static long text(String type, String text, JsonGenerator out) throws IOException {
        out.writeStringField(type, text);
        return utf8Size(text);
    }

    private static int utf8Size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Every digit that counts and no other, as DynamoDB does it. */
    static String number(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        long exponent = (long) stripped.precision() - stripped.scale();
        return Math.abs(exponent) <= MAX_PLAIN_EXPONENT
                ? stripped.toPlainString()
                : stripped.toString();
    }
}
