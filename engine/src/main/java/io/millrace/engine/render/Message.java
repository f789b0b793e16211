package io.millrace.engine.render;

import io.millrace.engine.model.Header;
import io.millrace.engine.model.Payload;

import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A record as the message of a queue: a QueueMessage as it is; of any other record the topic is the
 * queue, the value the body, the key the message group, and headers are attributes.
 *
 * <ul>
 *   <li>A body that is no UTF-8 is in base64, and the attribute {@value #ENCODING} says so. Avro
 *       becomes JSON, a tombstone the empty text.
 *   <li>What SQS tells of a message by itself (SenderId, SequenceNumber, ...) is taken out of the
 *       attributes of a QueueMessage. The type of the others is in {@code attributeTypes} where the
 *       message has such; Binary ones are in base64.
 *   <li>A header without value is no attribute; of several with one name the last counts.
 * </ul>
 *
 * @param place queue, or topic
 * @param id of the message in its queue; of any other record made from its identity
 * @param system what SQS tells of a message by itself, as far as it is known
 * @param receiveCount how often the message was handed out before its first attempt here
 */
record Message(
        String place,
        String id,
        String body,
        SortedMap<String, MessageAttribute> attributes,
        SortedMap<String, String> system,
        Optional<String> groupId,
        Optional<Instant> sentAt,
        long receiveCount) {
    static final String ENCODING = "millrace-body-encoding";

    static final String SENDER = "SenderId";
    static final String SENT = "SentTimestamp";
    static final String FIRST_RECEIVED = "ApproximateFirstReceiveTimestamp";
    static final String RECEIVE_COUNT = "ApproximateReceiveCount";
    static final String GROUP = "MessageGroupId";
    static final String DEDUPLICATION = "MessageDeduplicationId";
    static final String SEQUENCE = "SequenceNumber";
    private static final Set<String> SYSTEM =
            Set.of(
                    SENDER,
                    SENT,
                    FIRST_RECEIVED,
                    RECEIVE_COUNT,
                    GROUP,
                    DEDUPLICATION,
                    SEQUENCE,
                    "AWSTraceHeader",
                    "DeadLetterQueueSourceArn");

    Message {
        attributes = Collections.unmodifiableSortedMap(attributes);
        system = Collections.unmodifiableSortedMap(system);
    }

    static Message of(SourceRecord record) throws Unrenderable {
        Optional<Fields> message = record.queueMessage();
        return message.isPresent() ? ofQueue(message.get()) : ofRecord(record);
    }

    private static Message ofQueue(Fields message) throws Unrenderable {
        SortedMap<String, MessageAttribute> attributes = new TreeMap<>();
        SortedMap<String, String> system = new TreeMap<>();
        Map<String, String> types = message.texts("attributeTypes");
        for (Map.Entry<String, String> attribute : message.texts("attributes").entrySet()) {
            String name = attribute.getKey();
            if (SYSTEM.contains(name) && !types.containsKey(name)) {
                system.put(name, attribute.getValue());
            } else {
                String type = types.getOrDefault(name, "String");
                attributes.put(name, attribute(name, type, attribute.getValue()));
            }
        }
        return new Message(
                message.text("queue"),
                message.text("messageId"),
                body(message.bytes("body"), attributes),
                attributes,
                system,
                message.optionalText("groupId"),
                message.time("sentAt"),
                message.number("receiveCount", 1));
    }

    private static MessageAttribute attribute(String name, String type, String value)
            throws Unrenderable {
        MessageAttribute text = new MessageAttribute(type, Payload.of(value));
        if (!text.isBinary()) {
            return text;
        }
        try {
            return new MessageAttribute(type, Payload.of(Base64.getDecoder().decode(value)));
        } catch (IllegalArgumentException _) {
            throw new Unrenderable("attribute '" + name + "' is Binary and not in base64");
        }
    }

    private static Message ofRecord(SourceRecord record) throws Unrenderable {
        SortedMap<String, MessageAttribute> attributes = new TreeMap<>();
        for (Header header : record.raw().headers()) {
            if (!header.value().isNull()) {
                attributes.put(header.key(), MessageAttribute.of(header.value()));
            }
        }
        Payload key = record.raw().key();
        Optional<String> text = record.text();
        return new Message(
                record.topic(),
                record.identity().uuid().toString(),
                text.isPresent() ? text.get() : body(record.bytes(), attributes),
                attributes,
                new TreeMap<>(),
                key.isNull() ? Optional.empty() : Optional.of(Texts.utf8OrBase64(key.bytes())),
                Optional.empty(),
                1);
    }

    private static String body(byte[] bytes, SortedMap<String, MessageAttribute> attributes) {
        Optional<String> text = Texts.utf8(bytes);
        if (text.isPresent()) {
            return text.get();
        }
        attributes.put(ENCODING, MessageAttribute.text("base64"));
        return Texts.base64(bytes);
    }
}
