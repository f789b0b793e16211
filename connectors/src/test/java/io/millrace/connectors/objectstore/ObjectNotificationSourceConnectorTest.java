package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

final class ObjectNotificationSourceConnectorTest {
    private final ObjectNotificationSourceConnector connector =
            new ObjectNotificationSourceConnector();
    private final Map<String, String> properties =
            new HashMap<>(
                    Map.of(
                            "notification.transport", "kafka",
                            "notification.kafka.bootstrap.servers", "localhost:9092",
                            "notification.kafka.topic", "notifications",
                            "notification.kafka.consumer.security.protocol", "PLAINTEXT",
                            "topic", "objects"));

    @Test
    void shouldAcceptARightConfiguration() {
        assertThat(errors(properties)).isEmpty();
    }

    @Test
    void shouldReportEveryErrorAtOnce() {
        assertThat(
                        errors(
                                Map.of(
                                        "notification.transport", "pigeon",
                                        "notification.webhook.port", "70000",
                                        "notification.key.encoding", "rot13",
                                        "objectstore.size.min", "2",
                                        "objectstore.size.max", "1",
                                        "objectstore.suffix", ".jpg",
                                        "notification.kafka.topics", "a")))
                .containsOnlyKeys(
                        "notification.transport",
                        "notification.webhook.port",
                        "notification.key.encoding",
                        "objectstore.size.min",
                        "objectstore.suffix",
                        "notification.kafka.topics",
                        "topic");
    }

    @Test
    void shouldReportWhatTheTransportNeeds() {
        assertThat(errors(Map.of("notification.transport", "kafka", "topic", "t")))
                .containsOnlyKeys(
                        "notification.kafka.bootstrap.servers", "notification.kafka.topic");
        assertThat(errors(Map.of("notification.transport", "webhook", "topic", "t")))
                .containsOnlyKeys("notification.webhook.port", "dead.letter.topic");
    }

    @Test
    void shouldReadCommittedMessagesWithoutAGroupWhateverIsConfigured() {
        properties.put("notification.kafka.consumer.isolation.level", "read_uncommitted");
        properties.put("notification.kafka.consumer.group.id", "mine");

        assertThat(NotificationConfig.of(properties).consumer())
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("security.protocol", "PLAINTEXT")
                .doesNotContainKey("group.id");
    }

    @Test
    void shouldLetAnOperatorSetAndForgetPositionsThatItCanRead() {
        Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
        offsets.put(
                Map.of("topic", "notifications", "partition", "0"),
                Map.of("offset", 7, "index", 0));
        Map<Map<String, ?>, Map<String, ?>> wrong =
                Map.of(Map.of("topic", "notifications"), Map.of("offset", 7));

        assertThat(connector.alterOffsets(properties, offsets)).isTrue();
        assertThatThrownBy(() -> connector.alterOffsets(properties, wrong))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("'index'");
    }

    private Map<String, List<String>> errors(Map<String, String> config) {
        Map<String, List<String>> errors = new TreeMap<>();
        for (ConfigValue value : connector.validate(config).configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), value.errorMessages());
            }
        }
        return errors;
    }
}
