package io.millrace.engine.dev.registry;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes {@code _schemas} where it is missing, and refuses one that would lose schemas. */
final class SchemaTopicSetup {
    private static final long WAIT_SECONDS = 30;

    private SchemaTopicSetup() {}

    static void ensure(Admin admin, short replicationFactor) {
        NewTopic topic =
                new NewTopic(SchemaTopic.NAME, 1, replicationFactor)
                        .configs(
                                Map.of(
                                        TopicConfig.CLEANUP_POLICY_CONFIG,
                                        TopicConfig.CLEANUP_POLICY_COMPACT));
        try {
            admin.createTopics(List.of(topic)).all().get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw SchemaTopic.unavailable("create", e.getCause());
            }
            check(admin);
        } catch (TimeoutException e) {
            throw SchemaTopic.unavailable("create", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static void check(Admin admin) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, SchemaTopic.NAME);
        try {
            TopicDescription described =
                    only(admin.describeTopics(List.of(SchemaTopic.NAME)).allTopicNames());
            Config config = only(admin.describeConfigs(List.of(resource)).all());
            String partitions = String.valueOf(described.partitions().size());
            require("number of partitions", partitions, "1");
            require(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    Optional.ofNullable(config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value())
                            .orElse(""),
                    TopicConfig.CLEANUP_POLICY_COMPACT);
        } catch (ExecutionException | TimeoutException e) {
            throw SchemaTopic.unavailable("describe", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static <V> V only(KafkaFuture<? extends Map<?, V>> asked)
            throws ExecutionException, TimeoutException, InterruptedException {
        return asked.get(WAIT_SECONDS, TimeUnit.SECONDS).values().iterator().next();
    }

    private static void require(String setting, String found, String allowed) {
        if (!found.equals(allowed)) {
            throw MillraceException.invalid(
                    "topic '" + SchemaTopic.NAME + "' would lose schemas: its " + setting,
                    found,
                    allowed);
        }
    }

    private static MillraceException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new MillraceException(
                ErrorCode.UNAVAILABLE,
                "interrupted while making topic '" + SchemaTopic.NAME + "'",
                cause);
    }
}
