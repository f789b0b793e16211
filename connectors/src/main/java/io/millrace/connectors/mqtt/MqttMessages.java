package io.millrace.connectors.mqtt;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;

import io.millrace.connectors.queue.ReceivedMessage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Turns MQTT's messages into those that all queues have in common. The message group is the topic:
 * MQTT keeps order within it.
 */
final class MqttMessages {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String idProperty;
    private final Optional<JsonPointer> idPointer;

    /**
     * @param idProperty user property that has the message id; empty for none
     * @param idPointer JSON pointer to the message id in the payload; empty for none
     */
    MqttMessages(String idProperty, String idPointer) {
        this.idProperty = idProperty;
        this.idPointer =
                idPointer.isEmpty()
                        ? Optional.empty()
                        : Optional.of(JsonPointer.compile(idPointer));
    }

    ReceivedMessage<Mqtt5Publish> received(Mqtt5Publish message) {
        Map<String, String> headers = new HashMap<>();
        message.getUserProperties()
                .asList()
                .forEach(
                        each -> headers.put(each.getName().toString(), each.getValue().toString()));
        String topic = message.getTopic().toString();
        Map<String, String> attributes = new HashMap<>(headers);
        attributes.put("topic", topic);
        attributes.put("qos", Integer.toString(message.getQos().getCode()));
        attributes.put("retain", Boolean.toString(message.isRetain()));
        message.getResponseTopic()
                .ifPresent(reply -> attributes.put("response-topic", reply.toString()));
        message.getCorrelationData()
                .ifPresent(data -> attributes.put("correlation-data", base64(data)));
        byte[] body = message.getPayloadAsBytes();
        return new ReceivedMessage<>(
                id(headers, body),
                ByteBuffer.wrap(body),
                message.getContentType().map(Object::toString),
                attributes,
                Map.of(),
                headers,
                Optional.of(topic),
                Optional.empty(),
                1,
                Optional.empty(),
                message);
    }

    private Optional<String> id(Map<String, String> headers, byte[] body) {
        String property = idProperty.isEmpty() ? "" : headers.getOrDefault(idProperty, "");
        return property.isEmpty()
                ? idPointer.flatMap(pointer -> pointed(pointer, body))
                : Optional.of(property);
    }

    private static Optional<String> pointed(JsonPointer pointer, byte[] body) {
        try {
            JsonNode root = JSON.readTree(new String(body, StandardCharsets.UTF_8));
            JsonNode found = root == null ? null : root.at(pointer);
            return found != null && found.isValueNode() && !found.isNull()
                    ? Optional.of(found.asText()).filter(id -> !id.isEmpty())
                    : Optional.empty();
        } catch (IOException e) {
            // No JSON, so no id in it.
            return Optional.empty();
        }
    }

    private static String base64(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
