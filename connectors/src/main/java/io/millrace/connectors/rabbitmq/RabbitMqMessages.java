package io.millrace.connectors.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;

import io.millrace.connectors.queue.ReceivedMessage;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Turns RabbitMQ's messages into those that all queues have in common.
 *
 * @param idHeader header that has the message id where the property is missing; empty for none
 * @param groupHeader header that has the message group; empty for none
 */
record RabbitMqMessages(String idHeader, String groupHeader) {
    private static final String DELIVERIES = "x-delivery-count";

    ReceivedMessage<RabbitMqReceipt> received(
            Envelope envelope,
            AMQP.BasicProperties properties,
            byte[] body,
            RabbitMqReceipt receipt) {
        Map<String, String> headers = new HashMap<>();
        if (properties.getHeaders() != null) {
            properties.getHeaders().forEach((name, value) -> headers.put(name, text(value)));
        }
        Map<String, String> attributes = new HashMap<>(headers);
        attributes.put("exchange", envelope.getExchange());
        attributes.put("routing-key", envelope.getRoutingKey());
        attributes.put("redelivered", Boolean.toString(envelope.isRedeliver()));
        put(attributes, "correlation-id", properties.getCorrelationId());
        put(attributes, "reply-to", properties.getReplyTo());
        put(attributes, "type", properties.getType());
        put(attributes, "app-id", properties.getAppId());
        put(attributes, "user-id", properties.getUserId());
        put(attributes, "content-encoding", properties.getContentEncoding());
        put(attributes, "expiration", properties.getExpiration());
        put(attributes, "priority", properties.getPriority());
        put(attributes, "delivery-mode", properties.getDeliveryMode());
        return new ReceivedMessage<>(
                id(properties, headers),
                ByteBuffer.wrap(body),
                Optional.ofNullable(properties.getContentType()),
                attributes,
                Map.of(),
                headers,
                named(groupHeader, headers),
                Optional.ofNullable(properties.getTimestamp()).map(Date::toInstant),
                deliveries(envelope, headers),
                Optional.empty(),
                receipt);
    }

    private Optional<String> id(AMQP.BasicProperties properties, Map<String, String> headers) {
        String id = properties.getMessageId();
        return id != null && !id.isEmpty() ? Optional.of(id) : named(idHeader, headers);
    }

    private static Optional<String> named(String header, Map<String, String> headers) {
        return header.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(headers.get(header)).filter(value -> !value.isEmpty());
    }

    /** Quorum queues count; others tell only whether it is the first time. */
    private static int deliveries(Envelope envelope, Map<String, String> headers) {
        try {
            String count = headers.get(DELIVERIES);
            if (count != null) {
                return Integer.parseInt(count) + 1;
            }
        } catch (NumberFormatException e) {
            return 2;
        }
        return envelope.isRedeliver() ? 2 : 1;
    }

    private static void put(Map<String, String> attributes, String name, @Nullable Object value) {
        if (value != null) {
            attributes.put(name, value.toString());
        }
    }

    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes
                ? Base64.getEncoder().encodeToString(bytes)
                : String.valueOf(value);
    }
}
