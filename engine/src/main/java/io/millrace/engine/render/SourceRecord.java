package io.millrace.engine.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import io.millrace.engine.avro.AvroTrees;
import io.millrace.engine.model.DecodedValue;
import io.millrace.engine.model.Event;
import io.millrace.engine.model.Header;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RawEvent;
import io.millrace.schemas.EventHeaders;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * One record as the forms look at it.
 *
 * @param attempt 1 for the first try of its event
 */
record SourceRecord(Event event, int attempt, RenderSettings settings, AvroTrees trees) {
    RawEvent raw() {
        return event.raw();
    }

    long offset() {
        return raw().offset();
    }

    int partition() {
        return raw().position().partition().partition();
    }

    String topic() {
        return raw().position().partition().topic();
    }

    /** The bytes as they lie in the topic; none for a tombstone. */
    byte[] bytes() {
        return raw().value().bytes();
    }

    /** The offset, with as many digits as AWS's sequence numbers of that kind have at least. */
    String sequenceNumber(int digits) {
        String number = Long.toString(offset());
        return "0".repeat(Math.max(0, digits - number.length())) + number;
    }

    /** Of the CloudEvents attributes where there are such, else of where the record lies. */
    Identity identity() {
        Optional<String> source = header(EventHeaders.CE_SOURCE);
        Optional<String> id = header(EventHeaders.CE_ID);
        return new Identity(
                source.isPresent() && id.isPresent()
                        ? source.get() + "\n" + id.get()
                        : raw().position().toString());
    }

    /** When it happened: the source's word for it, else the record's timestamp. */
    Instant time(Optional<Instant> ofSource) {
        return ofSource.or(this::headerTime).orElseGet(this::timestamp);
    }

    Instant timestamp() {
        return Instant.ofEpochMilli(raw().timestamp());
    }

    private Optional<Instant> headerTime() {
        return header(EventHeaders.CE_TIME)
                .flatMap(text -> {
                    try {
                        return Optional.of(Instant.parse(text));
                    } catch (DateTimeException _) {
                        return Optional.empty();
                    }
                });
    }

    /** The last header of this name, as text. */
    Optional<String> header(String name) {
        Optional<String> found = Optional.empty();
        for (Header header : raw().headers()) {
            if (header.key().equals(name) && !header.value().isNull()) {
                found = Optional.of(header.value().text());
            }
        }
        return found;
    }

    /** The value as a source event; it has to be an object. */
    Fields fields() throws Unrenderable {
        if (raw().value().isNull()) {
            throw new Unrenderable("it has no value");
        }
        JsonNode tree = unwrapped(tree());
        if (!tree.isObject()) {
            throw new Unrenderable("its value is no object");
        }
        return new Fields(tree);
    }

    private JsonNode tree() throws Unrenderable {
        try {
            return switch (event.value()) {
                case DecodedValue.Bytes(Payload value) -> Json.tree(value.bytes());
                case DecodedValue.Avro avro -> trees.read(avro);
            };
        } catch (JsonProcessingException malformed) {
            throw new Unrenderable("its value is neither Avro with a schema id nor JSON");
        } catch (IOException | RuntimeException malformed) {
            throw new Unrenderable("its value is not what its schema says");
        }
    }

    /** Connect's JSON converter puts schema and payload side by side, unless it is told not to. */
    private static JsonNode unwrapped(JsonNode tree) {
        return tree.size() == 2 && tree.has("schema") && tree.has("payload")
                ? tree.get("payload")
                : tree;
    }

    /** The value as the message of a queue, if it is one. */
    Optional<Fields> queueMessage() {
        if (event.value() instanceof DecodedValue.Bytes(Payload value) && !mayBeObject(value)) {
            return Optional.empty();
        }
        try {
            return Optional.of(fields())
                    .filter(found ->
                            found.value().path("queue").isTextual()
                                    && found.value().path("messageId").isTextual()
                                    && found.value().has("body"));
        } catch (Unrenderable _) {
            return Optional.empty();
        }
    }

    private static boolean mayBeObject(Payload value) {
        for (byte each : value.bytes()) {
            if (each != ' ' && each != '\n' && each != '\r' && each != '\t') {
                return each == '{';
            }
        }
        return false;
    }

    /** The value as text: UTF-8 as it is, Avro as JSON; nothing if it is neither. */
    Optional<String> text() throws Unrenderable {
        return switch (event.value()) {
            case DecodedValue.Bytes(Payload value) -> Texts.utf8(value.bytes());
            case DecodedValue.Avro _ -> Optional.of(tree().toString());
        };
    }
}
