package io.millrace.engine.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Random;

/** Rows as DynamoDB's typed attributes. */
final class AttributeValuesTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @Test
    void shouldRefuseWhatIsNestedTooDeep() throws IOException {
        String deep = "{\"a\":".repeat(102) + "1" + "}".repeat(102);
        String list = "{\"a\":" + "[".repeat(102) + "]".repeat(102) + "}";

        assertThatThrownBy(() -> typed(deep)).hasMessageContaining("nested deeper than 100");
        assertThatThrownBy(() -> typed(list)).hasMessageContaining("nested deeper than 100");
    }

    @ParameterizedTest
    @CsvSource({
        "250, 250",
        "-0, 0",
        "0.000, 0",
        "1.500, 1.5",
        "-12e2, -1200",
        "1e-7, 0.0000001",
        "12345678901234567890123456789012345678, 12345678901234567890123456789012345678",
        "1e126, 1E+126",
        "1e2000000000, 1E+2000000000",
        "1e-2000000000, 1E-2000000000"
    })
    void shouldWriteNumbersWithTheDigitsThatCount(String number, String expected)
            throws IOException, Unrenderable {
        String written = typed("{\"n\":" + number + "}").path("n").path("N").textValue();

        assertThat(new BigDecimal(written)).isEqualByComparingTo(new BigDecimal(expected));
        assertThat(written.length()).isLessThan(140);
    }

    @Test
    void shouldTypeAnEmptyRow() throws IOException, Unrenderable {
        assertThat(typed("{}").toString()).isEqualTo("{}");
    }

    @Test
    void shouldLoseNothingOfAnyRow() throws IOException, Unrenderable {
        Random random = new Random(20261121);
        for (int i = 0; i < 2_000; i++) {
            ObjectNode row = object(random, 4);

            JsonNode typed = typed(row.toString());

            assertThat(untyped(typed)).isEqualTo(row.toString());
        }
    }

    private static JsonNode typed(String row) throws IOException, Unrenderable {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.generator(out)) {
            long _ = AttributeValues.writeItem("row", Json.tree(row), json);
        }
        return Json.tree(out.toByteArray());
    }

    /** Back to JSON, by rules of its own. */
    private static String untyped(JsonNode item) {
        StringBuilder json = new StringBuilder("{");
        for (Map.Entry<String, JsonNode> attribute : item.properties()) {
            json.append(json.length() > 1 ? "," : "")
                    .append(NODES.textNode(attribute.getKey()))
                    .append(':')
                    .append(value(attribute.getValue()));
        }
        return json.append('}').toString();
    }

    private static String value(JsonNode typed) {
        assertThat(typed.size()).isOne();
        Map.Entry<String, JsonNode> only = typed.properties().iterator().next();
        JsonNode value = only.getValue();
        return switch (only.getKey()) {
            case "S" -> value.toString();
            case "N" -> value.textValue();
            case "BOOL" -> value.toString();
            case "NULL" -> "null";
            case "M" -> untyped(value);
            case "L" -> {
                StringBuilder list = new StringBuilder("[");
                value.forEach(element ->
                        list.append(list.length() > 1 ? "," : "").append(value(element)));
                yield list.append(']').toString();
            }
            default -> throw new AssertionError(only.getKey());
        };
    }

    private static ObjectNode object(Random random, int depth) {
        ObjectNode object = NODES.objectNode();
        for (int i = random.nextInt(5); i > 0; i--) {
            object.set(text(random), any(random, depth));
        }
        return object;
    }

    private static JsonNode any(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(random.nextLong());
            case 3 -> NODES.numberNode(new BigInteger(120, random));
            case 4 -> {
                // No zeros at the end, which do not count.
                BigInteger digits = BigInteger.valueOf(random.nextLong() / 16 * 10 + 1);
                yield NODES.numberNode(new BigDecimal(digits, 1 + random.nextInt(6)));
            }
            case 5 -> NODES.textNode(text(random));
            case 6 -> object(random, depth - 1);
            default -> {
                ArrayNode array = NODES.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(any(random, depth - 1));
                }
                yield array;
            }
        };
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(6), 0, 0x1_1000)
                .filter(c -> c < 0xD800 || c > 0xDFFF)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
