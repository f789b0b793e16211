package io.millrace.connectors.jms;

import io.millrace.connectors.queue.ReceivedMessage;
import io.netty.buffer.ByteBuf;

import jakarta.jms.BytesMessage;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;

import org.apache.qpid.jms.message.JmsMessage;
import org.apache.qpid.jms.provider.amqp.message.AmqpJmsMessageFacade;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Turns messages of Jakarta Messaging into those that all queues have in common.
 *
 * <p>Texts and bytes are bodies. Maps, streams and Java objects are not: such a message has a
 * fault, and its body is the whole message as AMQP encodes it.
 */
final class JmsMessages {
    private static final String GROUP = "JMSXGroupID";
    private static final String DELIVERIES = "JMSXDeliveryCount";

    private JmsMessages() {}

    static ReceivedMessage<JmsReceipt> received(Message message, JmsReceipt receipt)
            throws JMSException {
        Map<String, String> headers = new HashMap<>();
        Map<String, String> attributes = new HashMap<>();
        Enumeration<?> names = message.getPropertyNames();
        while (names.hasMoreElements()) {
            String name = String.valueOf(names.nextElement());
            Object value = message.getObjectProperty(name);
            if (value != null) {
                attributes.put(name, value.toString());
                if (!name.startsWith("JMSX")) {
                    headers.put(name, value.toString());
                }
            }
        }
        addOwn(message, attributes);
        Optional<ByteBuffer> body = body(message);
        long sent = message.getJMSTimestamp();
        return new ReceivedMessage<>(
                Optional.ofNullable(message.getJMSMessageID()).filter(id -> !id.isEmpty()),
                body.orElseGet(() -> encoded(message)),
                Optional.ofNullable(contentType(message)),
                attributes,
                Map.of(),
                headers,
                Optional.ofNullable(message.getStringProperty(GROUP)).filter(id -> !id.isEmpty()),
                sent > 0 ? Optional.of(Instant.ofEpochMilli(sent)) : Optional.empty(),
                message.propertyExists(DELIVERIES) ? message.getIntProperty(DELIVERIES) : 1,
                body.isPresent()
                        ? Optional.empty()
                        : Optional.of(
                                "Message '"
                                        + message.getJMSMessageID()
                                        + "' is a "
                                        + message.getClass().getSimpleName()
                                        + "; text and bytes messages can be events"),
                receipt);
    }

    private static void addOwn(Message message, Map<String, String> attributes)
            throws JMSException {
        put(attributes, "JMSCorrelationID", message.getJMSCorrelationID());
        put(attributes, "JMSType", message.getJMSType());
        Destination replyTo = message.getJMSReplyTo();
        put(attributes, "JMSReplyTo", replyTo == null ? null : replyTo.toString());
        attributes.put("JMSPriority", Integer.toString(message.getJMSPriority()));
        attributes.put("JMSRedelivered", Boolean.toString(message.getJMSRedelivered()));
        if (message.getJMSExpiration() > 0) {
            attributes.put("JMSExpiration", Long.toString(message.getJMSExpiration()));
        }
    }

    private static void put(Map<String, String> attributes, String name, @Nullable String value) {
        if (value != null) {
            attributes.put(name, value);
        }
    }

    private static Optional<ByteBuffer> body(Message message) throws JMSException {
        if (message instanceof TextMessage text) {
            String body = text.getText();
            return Optional.of(
                    ByteBuffer.wrap(
                            body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8)));
        }
        if (message instanceof BytesMessage bytes) {
            byte[] body = new byte[Math.toIntExact(bytes.getBodyLength())];
            bytes.readBytes(body);
            return Optional.of(ByteBuffer.wrap(body));
        }
        return Optional.empty();
    }

    private static ByteBuffer encoded(Message message) {
        if (message instanceof JmsMessage own
                && own.getFacade().encodeMessage() instanceof ByteBuf buffer) {
            byte[] bytes = new byte[buffer.readableBytes()];
            buffer.getBytes(buffer.readerIndex(), bytes);
            return ByteBuffer.wrap(bytes);
        }
        return ByteBuffer.allocate(0);
    }

    private static @Nullable String contentType(Message message) {
        return message instanceof JmsMessage own
                        && own.getFacade() instanceof AmqpJmsMessageFacade facade
                        && facade.getContentType() != null
                ? facade.getContentType().toString()
                : null;
    }
}
