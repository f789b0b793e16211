package io.millrace.engine.app;

import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Looks whether topics are still what they were when a trigger started. Kafka's clients notice that
 * late (metadata lives for minutes), or hang.
 *
 * <p>Threading: one thread asks; the answer comes on a thread of Kafka's admin client.
 */
final class TopicWatch {
    /** A broker that is away has to be told of within seconds. */
    private static final int TIMEOUT_MS = 4_000;

    private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);

    private final Admin admin;

    TopicWatch(Admin admin) {
        this.admin = admin;
    }

    /** What is the matter with a topic. */
    sealed interface Finding {
        /** It is not there. */
        record Missing() implements Finding {}

        /** It is there. */
        record Present(TopicFacts facts) implements Finding {}

        /** Nobody can tell, and why. */
        record Unknown(String reason) implements Finding {}
    }

    /** Asks for all of these topics at once. */
    void look(Set<String> topics, Consumer<Map<String, Finding>> answer) {
        var bounded = new DescribeTopicsOptions().timeoutMs(TIMEOUT_MS);
        Map<String, KafkaFuture<TopicDescription>> asked =
                admin.describeTopics(topics, bounded).topicNameValues();
        var open = new AtomicInteger(asked.size());
        for (KafkaFuture<TopicDescription> one : asked.values()) {
            var _ =
                    one.whenComplete((_, _) -> {
                        if (open.decrementAndGet() == 0) {
                            answer.accept(findings(asked));
                        }
                    });
        }
    }

    /** Asks how large the records of these topics may be; nothing is said of what is not known. */
    void lookAtLimits(Set<String> topics, Consumer<Map<String, Integer>> answer) {
        List<ConfigResource> resources =
                topics.stream()
                        .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                        .toList();
        var bounded = new DescribeConfigsOptions().timeoutMs(TIMEOUT_MS);
        admin.describeConfigs(resources, bounded)
                .values()
                .forEach((resource, settings) -> {
                    var _ =
                            settings.whenComplete((found, error) -> {
                                if (error == null) {
                                    answer.accept(Map.of(resource.name(), maxBytes(found)));
                                } else {
                                    LOG.debug("Settings of {} are not known", resource, error);
                                }
                            });
                });
    }

    private static int maxBytes(Config settings) {
        return Integer.parseInt(settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
    }

    private static Map<String, Finding> findings(Map<String, KafkaFuture<TopicDescription>> asked) {
        var findings = new HashMap<String, Finding>();
        asked.forEach((topic, future) -> findings.put(topic, finding(future)));
        return findings;
    }

    private static Finding finding(KafkaFuture<TopicDescription> future) {
        try {
            TopicDescription found = future.getNow(null);
            return new Finding.Present(
                    new TopicFacts("", found.topicId(), found.partitions().size()));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return cause instanceof UnknownTopicOrPartitionException
                    ? new Finding.Missing()
                    : new Finding.Unknown(FailureWords.of(cause));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Finding.Unknown("interrupted");
        }
    }

    /** The words for a topic that a trigger cannot do without. */
    static MillraceException missing(String topic, String role) {
        return new MillraceException(
                ErrorCode.NOT_FOUND,
                role + " '" + topic + "' does not exist; the trigger starts when it does");
    }

    /** All topics of these triggers. */
    static Set<String> names(Collection<Map<String, TopicFacts>> topics) {
        return topics.stream()
                .flatMap(facts -> facts.keySet().stream())
                .collect(java.util.stream.Collectors.toSet());
    }
}
