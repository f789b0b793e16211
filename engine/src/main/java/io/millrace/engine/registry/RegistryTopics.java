package io.millrace.engine.registry;

import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.cluster.KafkaFailures;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.TopicNames;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;

/**
 * The topics of the engine and of its users, created where they are missing.
 *
 * <p>What exists is left as it is; only a registry topic that would forget its records is refused.
 * Calls may be repeated and may run on several nodes at the same time.
 */
public final class RegistryTopics implements AutoCloseable {
    private static final Duration RESULTS_KEPT = Duration.ofDays(7);
    private static final Duration DEAD_LETTERS_KEPT = Duration.ofDays(90);
    private static final Duration METERING_KEPT = Duration.ofDays(90);
    private static final Duration LOST_RANGES_KEPT = Duration.ofDays(90);

    private final Cluster cluster;
    private final Admin admin;
    private final TopicNames names;
    private final int partitions;
    private final int replicationFactor;

    /**
     * Connects; no call is made yet.
     *
     * @param partitions of every topic that is not compacted
     * @param replicationFactor -1 takes the broker's default
     */
    public RegistryTopics(
            Cluster cluster, TopicNames names, int partitions, int replicationFactor) {
        this.cluster = cluster;
        this.names = names;
        this.partitions = partitions;
        this.replicationFactor = replicationFactor;
        this.admin = cluster.admin("millrace-topics");
    }

    /** Creates what the engine itself needs. Returns the names of the topics it created. */
    public Set<String> createEngineTopics() {
        Set<String> registry = Set.of(names.functions(), names.triggers(), names.code());
        requireCompacted(existing(registry));
        return create(engineTopics());
    }

    /**
     * Creates event, result and dead-letter topics that somebody named. Returns the names of those
     * it created.
     */
    public Set<String> createEventTopics(Collection<String> topics) {
        List<NewTopic> wanted = new ArrayList<>();
        for (String topic : new TreeSet<>(topics)) {
            if (!isEngineTopic(topic)) {
                wanted.add(topic(topic, partitions, Map.of()));
            }
        }
        return create(wanted);
    }

    /** The names that exist now, out of the given ones. */
    public Set<String> existing(Collection<String> topics) {
        try {
            Set<String> all = new HashSet<>(admin.listTopics().names().get());
            all.retainAll(topics);
            return all;
        } catch (ExecutionException e) {
            throw KafkaFailures.of(cluster, "cannot list the topics", e);
        } catch (InterruptedException e) {
            throw KafkaFailures.interrupted("cannot list the topics");
        }
    }

    @Override
    public void close() {
        admin.close(Cluster.CALL_TIMEOUT);
    }

    private boolean isEngineTopic(String topic) {
        return engineTopics().stream().anyMatch(engine -> engine.name().equals(topic));
    }

    private List<NewTopic> engineTopics() {
        Map<String, String> compacted =
                Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        return List.of(
                topic(names.functions(), 1, compacted),
                topic(names.triggers(), 1, compacted),
                topic(names.code(), 1, compacted),
                topic(names.results(), partitions, kept(RESULTS_KEPT)),
                topic(names.deadLetters(), partitions, kept(DEAD_LETTERS_KEPT)),
                topic(names.metering(), partitions, kept(METERING_KEPT)),
                topic(names.triggerStates(), 1, compacted),
                topic(names.lostRanges(), 1, kept(LOST_RANGES_KEPT)));
    }

    private static Map<String, String> kept(Duration retention) {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                "" + retention.toMillis());
    }

    private NewTopic topic(String name, int count, Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "" + Cluster.MAX_RECORD_BYTES);
        Optional<Short> replicas =
                replicationFactor < 0 ? Optional.empty() : Optional.of((short) replicationFactor);
        return new NewTopic(name, Optional.of(count), replicas).configs(all);
    }

    private Set<String> create(List<NewTopic> wanted) {
        // Asking first spares a user who may not create topics the refusal of what is not needed.
        Set<String> present = existing(wanted.stream().map(NewTopic::name).toList());
        List<NewTopic> missing =
                wanted.stream().filter(topic -> !present.contains(topic.name())).toList();
        Set<String> created = new TreeSet<>();
        Map<String, KafkaFuture<Void>> results = admin.createTopics(missing).values();
        for (Map.Entry<String, KafkaFuture<Void>> result : results.entrySet()) {
            String what = "cannot create topic '" + result.getKey() + "'";
            try {
                result.getValue().get();
                created.add(result.getKey());
            } catch (ExecutionException e) {
                // Another node was faster.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw KafkaFailures.of(cluster, what, e);
                }
            } catch (InterruptedException e) {
                throw KafkaFailures.interrupted(what);
            }
        }
        return created;
    }

    private void requireCompacted(Set<String> topics) {
        List<ConfigResource> resources =
                topics.stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList();
        try {
            Map<ConfigResource, Config> configs = admin.describeConfigs(resources).all().get();
            for (Map.Entry<ConfigResource, Config> entry : configs.entrySet()) {
                requireCompacted(entry.getKey().name(), entry.getValue());
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                // Made a moment ago by another node, and as it must be.
                return;
            }
            throw KafkaFailures.of(cluster, "cannot check the registry topics " + topics, e);
        } catch (InterruptedException e) {
            throw KafkaFailures.interrupted("cannot check the registry topics " + topics);
        }
    }

    private static void requireCompacted(String topic, Config config) {
        String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        if (!TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy)) {
            throw new MillraceException(
                    ErrorCode.INVALID,
                    "topic '"
                            + topic
                            + "' has cleanup.policy '"
                            + policy
                            + "' and would forget functions; set it to 'compact', or choose another"
                            + " topic.prefix");
        }
    }
}
