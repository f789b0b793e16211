package io.millrace.connectors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.millrace.connectors.jms.JmsSourceConnector;
import io.millrace.connectors.mqtt.MqttSourceConnector;
import io.millrace.connectors.rabbitmq.RabbitMqSourceConnector;
import io.millrace.connectors.sqs.SqsSourceConnector;

import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What holds for the configuration of every queue connector. */
final class QueueConfigurationTest {
    /** Where nothing listens. */
    private static final String NOWHERE = "127.0.0.1:1";

    /** The connectors, each with the key that has its server. */
    enum Kind {
        SQS("sqs.endpoint", "http://" + NOWHERE),
        JMS("jms.url", "amqp://" + NOWHERE),
        RABBITMQ("rabbitmq.url", "amqp://" + NOWHERE),
        MQTT("mqtt.url", "mqtt://" + NOWHERE);

        private final String serverKey;
        private final String nowhere;

        Kind(String serverKey, String nowhere) {
            this.serverKey = serverKey;
            this.nowhere = nowhere;
        }

        SourceConnector connector() {
            return switch (this) {
                case SQS -> new SqsSourceConnector();
                case JMS -> new JmsSourceConnector();
                case RABBITMQ -> new RabbitMqSourceConnector();
                case MQTT -> new MqttSourceConnector();
            };
        }

        String prefix() {
            return name().toLowerCase(Locale.ROOT);
        }

        Map<String, String> example() {
            try {
                JsonNode file =
                        new ObjectMapper()
                                .readTree(Path.of("examples", prefix() + ".json").toFile());
                Map<String, String> config = new HashMap<>();
                file.path("config")
                        .properties()
                        .forEach(each -> config.put(each.getKey(), each.getValue().asText()));
                config.put(serverKey, nowhere);
                return config;
            } catch (IOException e) {
                return Assertions.fail(e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellEveryErrorAtOnce(Kind kind) {
        Map<String, String> config = new HashMap<>();
        config.put("topic", "no topic");
        config.put(kind.serverKey, "ftp://user:secret@host");
        config.put("queue.in.flight.max", "1");
        config.put("queue.in.flght.max", "5");
        config.put(kind.prefix() + ".unheard", "of");

        Map<String, List<String>> errors = errors(kind.connector().validate(config));

        assertThat(errors)
                .containsKeys(
                        "topic",
                        kind.serverKey,
                        "queue.in.flight.max",
                        "queue.in.flght.max",
                        kind.prefix() + ".unheard");
        assertThat(errors.toString()).contains("allowed").doesNotContain("secret@");
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseOneTopicForEventsAndDeadLetters(Kind kind) {
        Map<String, String> config = kind.example();
        config.put("dead.letter.topic", config.get("topic"));

        assertThat(errors(kind.connector().validate(config))).containsKey("dead.letter.topic");
    }

    @ParameterizedTest
    @EnumSource
    void shouldAcceptItsExampleWhileTheServerIsDown(Kind kind) {
        Map<String, String> config = kind.example();

        assertThat(errors(kind.connector().validate(config))).isEmpty();
        assertThat(config.get("connector.class")).isEqualTo(kind.connector().getClass().getName());
        assertThat(config).containsKey("topic.creation.default.partitions");
        assertThat(kind.connector().exactlyOnceSupport(config))
                .isEqualTo(ExactlyOnceSupport.SUPPORTED);
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeInTheReadme(Kind kind) throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(readme).contains(table(kind.connector().config()));
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseOffsetsThatAreNotItsOwn(Kind kind) {
        Map<Map<String, ?>, Map<String, ?>> offsets =
                Map.of(Map.of("queue", "orders", "chunk", 0), Map.of("position", 5));

        Assertions.assertThatThrownBy(() -> kind.connector().alterOffsets(Map.of(), offsets))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("cannot be set");
    }

    @Test
    void shouldShareQueuesOutOverTheTasks() {
        SourceConnector connector = new SqsSourceConnector();
        connector.start(Map.of("sqs.queues", "a,b,c", "topic", "events"));

        assertThat(connector.taskConfigs(2))
                .extracting(config -> config.get("sqs.queues"))
                .containsExactly("a,c", "b");
        assertThat(connector.taskConfigs(9)).hasSize(3);
    }

    private static Map<String, List<String>> errors(Config config) {
        return config.configValues().stream()
                .filter(value -> !value.errorMessages().isEmpty())
                .collect(Collectors.toMap(value -> value.name(), value -> value.errorMessages()));
    }

    private static String table(ConfigDef definition) {
        StringBuilder table =
                new StringBuilder(
                        "| key | default | allowed | meaning |\n| --- | --- | --- | --- |\n");
        for (ConfigDef.ConfigKey key : definition.configKeys().values()) {
            String value =
                    key.hasDefault()
                            ? String.valueOf(
                                    key.type() == ConfigDef.Type.PASSWORD ? "" : key.defaultValue)
                            : "required";
            table.append(String.join(" | ", "| `" + key.name + "`", value, allowed(key)))
                    .append(" | ")
                    .append(key.documentation)
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String allowed(ConfigDef.ConfigKey key) {
        return key.validator == null
                ? key.type().name().toLowerCase(Locale.ROOT)
                : Objects.toString(key.validator);
    }
}
