package io.millrace.engine.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.config.EngineLimits;
import io.millrace.engine.model.AwsAccount;
import io.millrace.engine.model.RetryPolicy;
import io.millrace.engine.model.Samples;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

class StreamsSettingsTest {
    private static final int TAKE_OVER_GOAL_MS = 15_000;

    /** How often a broker of ours looks for transactions that are too old. */
    private static final int CLEANUP_MS = 1_000;

    @Test
    void shouldEndTheTransactionOfADeadNodeInTimeForWhoTakesOver() {
        assertThat(transactionTimeout()).isLessThanOrEqualTo(TAKE_OVER_GOAL_MS - CLEANUP_MS);
    }

    @Test
    void shouldLetATransactionOutliveTheSessionOfADeadMember() {
        String session = StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);

        assertThat(transactionTimeout()).isGreaterThan(number(session));
    }

    private static int transactionTimeout() {
        return number(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG));
    }

    private static int number(String key) {
        return (Integer) Objects.requireNonNull(settings().get(key));
    }

    private static Properties settings() {
        return StreamsSettings.of(
                new EngineConfig(
                        "127.0.0.1:9092",
                        "http://127.0.0.1:8081",
                        "node-1",
                        Path.of("state"),
                        "millrace.",
                        1,
                        3,
                        Map.of(),
                        EngineLimits.DEFAULT,
                        AwsAccount.DEFAULT),
                Samples.trigger(1, 1, RetryPolicy.DEFAULT),
                1_048_576);
    }
}
