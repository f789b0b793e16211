package io.millrace.engine.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;

import java.io.IOException;
import java.util.Optional;

/** Tells whether bytes are JSON text: exactly one value, in UTF-8. */
final class JsonText {
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION).build();

    private JsonText() {}

    /** What is wrong and where, without quoting the value; empty if nothing is. */
    static Optional<String> faultOf(byte[] bytes) {
        try (JsonParser parser = JSON.createParser(bytes)) {
            if (parser.nextToken() == null) {
                return Optional.of("the value is empty, which is not JSON");
            }
            parser.skipChildren();
            // Strings are skipped lazily: only the next token proves that the last one is whole.
            if (parser.nextToken() != null) {
                return Optional.of(
                        "the value goes on after its first JSON value, at byte "
                                + parser.currentTokenLocation().getByteOffset());
            }
            return Optional.empty();
        } catch (JsonProcessingException malformed) {
            return Optional.of(
                    "the value is not JSON, found at byte "
                            + malformed.getLocation().getByteOffset());
        } catch (IOException malformed) {
            // UTF-8 that is cut off or wrong is reported this way.
            return Optional.of("the value is not JSON in UTF-8");
        }
    }
}
