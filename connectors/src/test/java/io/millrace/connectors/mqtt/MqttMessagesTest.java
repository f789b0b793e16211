package io.millrace.connectors.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;

import io.millrace.connectors.queue.ReceivedMessage;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

final class MqttMessagesTest {
    private final MqttMessages messages = new MqttMessages("id", "/order/id");

    @Test
    void shouldTakeTheIdOfTheUserProperty() {
        assertThat(messages.received(publish("{\"order\":{\"id\":7}}", "p1")).id()).hasValue("p1");
    }

    @Test
    void shouldTakeTheIdInThePayloadWhereThePropertyIsMissing() {
        assertThat(messages.received(publish("{\"order\":{\"id\":7}}", "")).id()).hasValue("7");
    }

    @Test
    void shouldHaveNoIdWithoutBoth() {
        assertThat(messages.received(publish("no JSON {", "")).id()).isEmpty();
        assertThat(messages.received(publish("", "")).id()).isEmpty();
        assertThat(messages.received(publish("{\"order\":{\"id\":{}}}", "")).id()).isEmpty();
        assertThat(new MqttMessages("", "").received(publish("{}", "p1")).id()).isEmpty();
    }

    @Test
    void shouldKeepTopicPropertiesAndPayload() {
        ReceivedMessage<Mqtt5Publish> received = messages.received(publish("hot", "p1"));

        assertThat(StandardCharsets.UTF_8.decode(received.body()).toString()).isEqualTo("hot");
        assertThat(received.group()).hasValue("plant/1/alarms");
        assertThat(received.contentType()).hasValue("text/plain");
        assertThat(received.headers()).containsEntry("id", "p1");
        assertThat(received.attributes())
                .containsEntry("topic", "plant/1/alarms")
                .containsEntry("qos", "1")
                .containsEntry("retain", "false");
    }

    private static Mqtt5Publish publish(String payload, String id) {
        var message =
                Mqtt5Publish.builder()
                        .topic("plant/1/alarms")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .contentType("text/plain")
                        .payload(payload.getBytes(StandardCharsets.UTF_8));
        return id.isEmpty()
                ? message.build()
                : message.userProperties().add("id", id).applyUserProperties().build();
    }
}
