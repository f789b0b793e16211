package io.millrace.connectors.objectstore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.millrace.connectors.objectstore.NotificationConfig.KeyEncoding;
import io.millrace.connectors.objectstore.ObjectChange.Kind;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The JSON that stores send when objects change -> notifications.
 *
 * <p>Known forms: that of S3 (AWS, MinIO, Ceph and others: an object with {@code Records}), that of
 * EventBridge, and both inside a message of SNS. A test event, an event that is not about the
 * creation or the removal of an object, and SNS's confirmations give nothing.
 *
 * <p>Threading: any thread.
 */
final class NotificationParser {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_QUOTE = 60;

    private NotificationParser() {}

    /** What a message says. */
    sealed interface Parsed {
        /** It tells of these objects, in this order; perhaps of none. */
        record Told(List<ObjectNotification> notifications) implements Parsed {
            public Told {
                notifications = List.copyOf(notifications);
            }
        }

        /** It is no notification, for this reason. */
        record Malformed(String reason) implements Parsed {}
    }

    static Parsed parse(byte[] message, KeyEncoding encoding) {
        try {
            JsonNode root = JSON.readTree(message);
            return root == null || !root.isObject()
                    ? new Parsed.Malformed("it is no JSON object")
                    : parse(root, encoding, true);
        } catch (JsonProcessingException e) {
            return new Parsed.Malformed("it is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            return new Parsed.Malformed("it cannot be read: " + e.getMessage());
        } catch (MalformedException e) {
            return new Parsed.Malformed(e.reason);
        }
    }

    private static Parsed parse(JsonNode root, KeyEncoding encoding, boolean wrappable)
            throws IOException {
        if (root.path("Records").isArray()) {
            return new Parsed.Told(records(root.path("Records"), encoding));
        }
        if (root.path("detail-type").isTextual() && root.path("detail").isObject()) {
            return new Parsed.Told(eventBridge(root));
        }
        if (root.path("Event").asText("").equals("s3:TestEvent")) {
            return new Parsed.Told(List.of());
        }
        String snsType = root.path("Type").asText("");
        if (wrappable && snsType.equals("Notification") && root.path("Message").isTextual()) {
            JsonNode inner = JSON.readTree(root.path("Message").textValue());
            if (inner != null && inner.isObject()) {
                return parse(inner, encoding, false);
            }
        }
        if (snsType.equals("SubscriptionConfirmation")
                || snsType.equals("UnsubscribeConfirmation")) {
            return new Parsed.Told(List.of());
        }
        throw new MalformedException(
                "it is in no known form: neither 'Records' nor 'detail' nor SNS's 'Message'");
    }

    private static List<ObjectNotification> records(JsonNode records, KeyEncoding encoding) {
        List<ObjectNotification> told = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            JsonNode record = records.get(i);
            String name = text(record, "eventName", i);
            Optional<Kind> kind = kind(name);
            if (kind.isEmpty()) {
                continue;
            }
            JsonNode object = record.path("s3").path("object");
            boolean encoded =
                    switch (encoding) {
                        case URL -> true;
                        case NONE -> false;
                        case AUTO -> !record.path("eventSource").asText("").startsWith("ceph");
                    };
            String key = text(object, "key", i);
            told.add(
                    new ObjectNotification(
                            i,
                            kind.get(),
                            text(record.path("s3").path("bucket"), "name", i),
                            encoded ? decoded(key, i) : key,
                            object.path("size").asLong(0),
                            unquoted(first(object, "eTag", "etag")),
                            first(object, "versionId", "version-id"),
                            time(record.path("eventTime").asText(""), i),
                            object.path("sequencer").asText(""),
                            record.path("awsRegion").asText("")));
        }
        return told;
    }

    private static List<ObjectNotification> eventBridge(JsonNode event) {
        Kind kind =
                switch (event.path("detail-type").asText("")) {
                    case "Object Created" -> Kind.CREATED;
                    case "Object Deleted" -> Kind.DELETED;
                    default -> Kind.OVERWRITTEN;
                };
        if (kind == Kind.OVERWRITTEN) {
            return List.of();
        }
        JsonNode object = event.path("detail").path("object");
        return List.of(
                new ObjectNotification(
                        0,
                        kind,
                        text(event.path("detail").path("bucket"), "name", 0),
                        // EventBridge does not encode keys.
                        text(object, "key", 0),
                        object.path("size").asLong(0),
                        unquoted(first(object, "etag", "eTag")),
                        first(object, "version-id", "versionId"),
                        time(event.path("time").asText(""), 0),
                        object.path("sequencer").asText(""),
                        event.path("region").asText("")));
    }

    /** Empty: the event is about something else. */
    private static Optional<Kind> kind(String eventName) {
        String name = eventName.startsWith("s3:") ? eventName.substring(3) : eventName;
        if (name.startsWith("ObjectCreated:")) {
            return Optional.of(Kind.CREATED);
        }
        // Objects that were moved to a cheaper storage class are not removed.
        return name.startsWith("ObjectRemoved:")
                        || name.startsWith("LifecycleExpiration:")
                        || name.toLowerCase(Locale.ROOT).startsWith("objectlifecycle:expiration:")
                ? Optional.of(Kind.DELETED)
                : Optional.empty();
    }

    private static String text(JsonNode parent, String field, int index) {
        String text = parent.path(field).asText("");
        if (text.isEmpty()) {
            throw new MalformedException("record " + index + " has no text '" + field + "'");
        }
        return text;
    }

    private static String first(JsonNode parent, String field, String other) {
        String text = parent.path(field).asText("");
        return text.isEmpty() || text.equals("null") ? parent.path(other).asText("") : text;
    }

    private static String unquoted(String eTag) {
        return eTag.length() > 1 && eTag.startsWith("\"") && eTag.endsWith("\"")
                ? eTag.substring(1, eTag.length() - 1)
                : eTag;
    }

    private static String decoded(String key, int index) {
        try {
            return URLDecoder.decode(key, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(
                    "the key of record "
                            + index
                            + " is not URL-encoded: '"
                            + key.substring(0, Math.min(key.length(), LONGEST_QUOTE))
                            + "'");
        }
    }

    private static Optional<Instant> time(String text, int index) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            throw new MalformedException("the time of record " + index + " is no time");
        }
    }

    /** Ends parsing; never leaves this class. */
    private static final class MalformedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String reason;

        MalformedException(String reason) {
            super(reason);
            this.reason = reason;
        }
    }
}
