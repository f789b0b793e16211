package io.millrace.connectors.cloudevents;

import io.millrace.schemas.EventHeaders;

import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Headers;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The CloudEvents 1.0 attributes of one event, as record headers of the Kafka binding's binary
 * mode.
 *
 * <p>The header values are texts; Connect's default header converter writes them as plain UTF-8, as
 * the binding wants it.
 *
 * @param id identity of the event; the same whenever the same facts are read again
 * @param source what the event comes from, a URI reference
 * @param type kind of event, for example io.millrace.object.created
 * @param subject what in the source it is about
 * @param time when it happened
 * @param contentType media type of the value, if known
 */
public record CloudEventHeaders(
        String id,
        String source,
        String type,
        String subject,
        Optional<Instant> time,
        Optional<String> contentType) {
    private static final int ID_BYTES = 16;

    /** An id made of facts: the same facts give the same id, other facts another one. */
    public static String idOf(List<String> facts) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (String fact : facts) {
                byte[] bytes = fact.getBytes(StandardCharsets.UTF_8);
                // The length keeps "ab","c" apart from "a","bc".
                sha256.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                sha256.update(bytes);
            }
            return HexFormat.of().formatHex(sha256.digest(), 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }

    /** The headers, in a new collection. */
    public Headers toHeaders() {
        ConnectHeaders headers = new ConnectHeaders();
        headers.addString(EventHeaders.CE_SPEC_VERSION, EventHeaders.CE_SPEC_VERSION_1_0);
        headers.addString(EventHeaders.CE_ID, id);
        headers.addString(EventHeaders.CE_SOURCE, source);
        headers.addString(EventHeaders.CE_TYPE, type);
        headers.addString(EventHeaders.CE_SUBJECT, withoutControls(subject));
        time.ifPresent(at -> headers.addString(EventHeaders.CE_TIME, at.toString()));
        contentType.ifPresent(type -> headers.addString(EventHeaders.CONTENT_TYPE, type));
        return headers;
    }

    /** CloudEvents allows no control characters in texts: they are percent-encoded. */
    private static String withoutControls(String text) {
        StringBuilder allowed = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> {
                    if (Character.isISOControl(c)) {
                        byte[] bytes = Character.toString(c).getBytes(StandardCharsets.UTF_8);
                        for (byte each : bytes) {
                            allowed.append(String.format("%%%02X", each & 0xff));
                        }
                    } else {
                        allowed.appendCodePoint(c);
                    }
                });
        return allowed.toString();
    }
}
