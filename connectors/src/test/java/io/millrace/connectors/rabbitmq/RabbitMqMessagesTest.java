package io.millrace.connectors.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.impl.LongStringHelper;

import io.millrace.connectors.queue.ReceivedMessage;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;

final class RabbitMqMessagesTest {
    private final RabbitMqMessages messages = new RabbitMqMessages("event-id", "customer");

    @Test
    void shouldTakeTheIdOfTheProperty() {
        assertThat(received("p1", Map.of("event-id", "h1"), false).id()).hasValue("p1");
    }

    @Test
    void shouldTakeTheIdOfTheHeaderWhereThePropertyIsMissing() {
        LongString id = LongStringHelper.asLongString("h1");

        assertThat(received("", Map.of("event-id", id), false).id()).hasValue("h1");
    }

    @Test
    void shouldHaveNoIdWithoutBoth() {
        assertThat(received("", Map.of("other", 5), false).id()).isEmpty();
        assertThat(new RabbitMqMessages("", "").groupHeader()).isEmpty();
    }

    @Test
    void shouldKeepHeadersGroupAndBody() {
        ReceivedMessage<RabbitMqReceipt> received =
                received(
                        "p1",
                        Map.of("customer", "c7", "size", 5, "raw", new byte[] {1, 2, 3}),
                        true);

        assertThat(StandardCharsets.UTF_8.decode(received.body()).toString()).isEqualTo("body");
        assertThat(received.group()).hasValue("c7");
        assertThat(received.receiveCount()).isEqualTo(2);
        assertThat(received.headers())
                .isEqualTo(Map.of("customer", "c7", "size", "5", "raw", "AQID"));
        assertThat(received.attributes())
                .containsAllEntriesOf(received.headers())
                .containsEntry("routing-key", "orders")
                .containsEntry("redelivered", "true");
    }

    @Test
    void shouldTakeTheCountOfAQuorumQueue() {
        assertThat(received("p1", Map.of("x-delivery-count", 4L), true).receiveCount())
                .isEqualTo(5);
    }

    private ReceivedMessage<RabbitMqReceipt> received(
            String id, Map<String, Object> headers, boolean again) {
        AMQP.BasicProperties.Builder properties =
                new AMQP.BasicProperties.Builder().headers(headers);
        if (!id.isEmpty()) {
            properties.messageId(id);
        }
        return messages.received(
                new Envelope(1, again, "", "orders"),
                properties.build(),
                "body".getBytes(StandardCharsets.UTF_8),
                new RabbitMqReceipt(nobody(), 1));
    }

    private static Channel nobody() {
        return (Channel)
                Proxy.newProxyInstance(
                        Channel.class.getClassLoader(),
                        new Class<?>[] {Channel.class},
                        (proxy, method, arguments) -> {
                            throw new UnsupportedOperationException(method.getName());
                        });
    }
}
