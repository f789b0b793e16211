package io.millrace.engine.outcome;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Checks the state a handler answers with for a tumbling window: one object of JSON (WIN-2).
 *
 * <p>Pure; any thread. Cost grows with the state.
 */
public final class WindowState {
    private static final JsonFactory JSON = new JsonFactory();

    private static final JsonMapper TREES = new JsonMapper();

    private WindowState() {}

    /** The state in an answer of Lambda's form, {@code {"state":{...}}}; nothing if it has none. */
    public static Optional<String> ofAnswer(String answer) {
        try {
            JsonNode state = TREES.readTree(answer).path("state");
            return state.isMissingNode() ? Optional.empty() : Optional.of(state.toString());
        } catch (IOException malformed) {
            return Optional.empty();
        }
    }

    /**
     * What is wrong with the state.
     *
     * @param maxBytes what one invocation can be given, in bytes of UTF-8
     */
    public static Optional<String> faultOf(String state, int maxBytes) {
        if (state.length() > maxBytes / 3) {
            int bytes = state.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > maxBytes) {
                return Optional.of(
                        "the state has " + bytes + " bytes; allowed are up to " + maxBytes);
            }
        }
        try (JsonParser parser = JSON.createParser(state)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.of("the state is not an object of JSON");
            }
            parser.skipChildren();
            return parser.nextToken() == null
                    ? Optional.empty()
                    : Optional.of("something follows the state");
        } catch (IOException malformed) {
            // Its own message may quote the state.
            return Optional.of("the state is not JSON");
        }
    }
}
