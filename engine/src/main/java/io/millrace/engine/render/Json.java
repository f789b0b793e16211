package io.millrace.engine.render;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.OutputStream;

/** How JSON is read and written here: numbers lose no digit. Threading: any thread. */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private Json() {}

    /** What is half written when something is missing stays so when the generator is closed. */
    static JsonGenerator generator(OutputStream to) throws IOException {
        JsonGenerator out = FACTORY.createGenerator(to);
        out.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
        return out;
    }

    /** The quoted text. */
    static byte[] quoted(String text) throws IOException {
        return MAPPER.writeValueAsBytes(text);
    }

    static JsonNode tree(byte[] bytes) throws IOException {
        return MAPPER.readTree(bytes);
    }

    static JsonNode tree(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }

    static void write(JsonNode tree, JsonGenerator out) throws IOException {
        MAPPER.writeTree(out, tree);
    }
}
