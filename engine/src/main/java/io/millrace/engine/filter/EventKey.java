package io.millrace.engine.filter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;

import io.millrace.engine.model.Header;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What makes two events the same, for de-duplication: an expression over the bytes of an event.
 *
 * <table>
 *   <caption>Expressions</caption>
 *   <tr><td>{@code key}</td><td>the record's key</td></tr>
 *   <tr><td>{@code value}</td><td>SHA-256 of the value</td></tr>
 *   <tr><td>{@code header:NAME}</td><td>the last header of that name</td></tr>
 *   <tr><td>{@code value:/json/pointer}</td><td>a part of a JSON value (RFC 6901)</td></tr>
 * </table>
 *
 * <ul>
 *   <li>An event that has no such thing has no key, and so is never a duplicate: null, a missing
 *       field, a value that is not JSON (framed Avro is none), JSON's null, a value larger than
 *       {@link #MAX_VALUE_SIZE}.
 *   <li>Keys of more than {@value #MAX_PLAIN} bytes are shortened: their beginning, then the
 *       SHA-256 of the whole. No short key can equal a shortened one.
 *   <li>In JSON {@code 1} and {@code "1"} differ. An object or array counts as its text without
 *       spaces. Of two fields of one name the first counts, and what comes behind it is not read.
 *   <li>It never throws, and reads each byte once at most.
 * </ul>
 *
 * <p>Threading: any thread, also the stream thread.
 */
public final class EventKey {
    /** Larger values have no key: reading them would hold up the stream thread. */
    public static final int MAX_VALUE_SIZE = 1024 * 1024;

    private static final int MAX_PLAIN = 256;
    private static final int DIGEST_SIZE = 32;
    private static final String HEADER = "header:";
    private static final String POINTER = "value:";
    private static final JsonFactory JSON = new JsonFactory();

    private sealed interface Source {
        record Key() implements Source {}

        record Value() implements Source {}

        record NamedHeader(String name) implements Source {}

        record Part(JsonPointer pointer) implements Source {}
    }

    private final String expression;
    private final Source source;

    private EventKey(String expression, Source source) {
        this.expression = expression;
        this.source = source;
    }

    /**
     * Reads an expression.
     *
     * @throws MillraceException naming what is allowed
     */
    public static EventKey parse(String expression) {
        return new EventKey(expression, sourceOf(expression));
    }

    private static Source sourceOf(String expression) {
        if (expression.equals("key")) {
            return new Source.Key();
        }
        if (expression.equals("value")) {
            return new Source.Value();
        }
        if (expression.startsWith(HEADER) && expression.length() > HEADER.length()) {
            return new Source.NamedHeader(expression.substring(HEADER.length()));
        }
        if (expression.startsWith(POINTER + "/")) {
            return new Source.Part(JsonPointer.compile(expression.substring(POINTER.length())));
        }
        throw MillraceException.invalid(
                "key expression",
                expression,
                "key, value, header:NAME or value:/json/pointer, such as value:/order/id");
    }

    /** The key of an event; empty if it has none. */
    public Optional<Payload> of(RawEvent event) {
        return switch (source) {
            case Source.Key _ -> plain(event.key());
            case Source.Value _ -> digest(event.value());
            case Source.NamedHeader(String name) -> plain(lastHeader(event.headers(), name));
            case Source.Part(JsonPointer pointer) -> part(event.value(), pointer);
        };
    }

    private static Payload lastHeader(List<Header> headers, String name) {
        for (int i = headers.size() - 1; i >= 0; i--) {
            if (headers.get(i).key().equals(name)) {
                return headers.get(i).value();
            }
        }
        return Payload.NULL;
    }

    private static Optional<Payload> plain(Payload data) {
        return isUsable(data) ? Optional.of(shortened(data)) : Optional.empty();
    }

    private static Optional<Payload> digest(Payload value) {
        return isUsable(value) ? Optional.of(Payload.of(sha256(value.bytes()))) : Optional.empty();
    }

    private static boolean isUsable(Payload data) {
        return !data.isNull() && data.size() <= MAX_VALUE_SIZE;
    }

    /** A shortened key is one byte longer than any key that is left as it is. */
    private static Payload shortened(Payload data) {
        if (data.size() <= MAX_PLAIN) {
            return data;
        }
        byte[] key = Arrays.copyOf(data.bytes(), MAX_PLAIN + 1);
        System.arraycopy(sha256(data.bytes()), 0, key, MAX_PLAIN + 1 - DIGEST_SIZE, DIGEST_SIZE);
        return Payload.of(key);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    private static Optional<Payload> part(Payload value, JsonPointer pointer) {
        if (!isUsable(value)) {
            return Optional.empty();
        }
        try (JsonParser parser = JSON.createParser(value.bytes())) {
            return walk(parser, pointer)
                    ? textOf(parser).map(text -> shortened(Payload.of(text)))
                    : Optional.empty();
        } catch (IOException | RuntimeException _) {
            // Not JSON, or not to the place where the pointer leads.
            return Optional.empty();
        }
    }

    /** Leads the parser to the token that the pointer is about. */
    private static boolean walk(JsonParser parser, JsonPointer pointer) throws IOException {
        JsonPointer left = pointer;
        JsonToken token = parser.nextToken();
        while (!left.matches()) {
            boolean found =
                    token == JsonToken.START_OBJECT
                            ? toProperty(parser, left)
                            : token == JsonToken.START_ARRAY && toElement(parser, left);
            if (!found) {
                return false;
            }
            token = parser.currentToken();
            left = left.tail();
        }
        return token != null;
    }

    private static boolean toProperty(JsonParser parser, JsonPointer pointer) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = pointer.matchesProperty(parser.currentName());
            parser.nextToken();
            if (found) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private static boolean toElement(JsonParser parser, JsonPointer pointer) throws IOException {
        int left = pointer.getMatchingIndex();
        if (left < 0) {
            return false;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
            if (left == 0) {
                return true;
            }
            left--;
            parser.skipChildren();
        }
        return false;
    }

    private static Optional<String> textOf(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> Optional.empty();
            // The quote keeps "1" and 1 apart.
            case VALUE_STRING -> Optional.of('"' + parser.getText());
            case START_OBJECT, START_ARRAY -> {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                try (JsonGenerator json = JSON.createGenerator(out)) {
                    json.copyCurrentStructureExact(parser);
                }
                yield Optional.of(out.toString(StandardCharsets.UTF_8));
            }
            default -> Optional.of(parser.getText());
        };
    }

    /** The expression as it was written. */
    @Override
    public String toString() {
        return expression;
    }
}
