package io.millrace.engine.execute.inprocess;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import io.millrace.engine.model.Payload;

import java.io.IOException;

/** Tells answers in Lambda's form from results. Cost grows with what was returned. */
final class LambdaAnswer {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String FAILURES = "batchItemFailures";
    private static final String STATE = "state";

    private LambdaAnswer() {}

    /**
     * Whether this is an object of JSON that names the failed events of a batch, in a window also
     * one with a state. A misspelt list counts, lest failures get lost: whoever reads it says so.
     */
    static boolean isOne(Payload returned, boolean inWindow) {
        byte[] bytes = returned.bytes();
        int start = 0;
        while (start < bytes.length && Character.isWhitespace(bytes[start])) {
            start++;
        }
        if (start == bytes.length || bytes[start] != '{') {
            return false;
        }
        try (JsonParser parser = JSON.createParser(bytes)) {
            JsonToken _ = parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (name.replace("_", "").equalsIgnoreCase(FAILURES)
                        || (inWindow && name.equals(STATE))) {
                    return true;
                }
                JsonToken _ = parser.nextToken();
                parser.skipChildren();
            }
            return false;
        } catch (IOException _) {
            return false;
        }
    }
}
