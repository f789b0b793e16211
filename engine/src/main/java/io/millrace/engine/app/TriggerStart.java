package io.millrace.engine.app;

import io.millrace.engine.cluster.Answers;
import io.millrace.engine.cluster.Cluster;
import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.config.EngineLimits;
import io.millrace.engine.delivery.ParkingLimits;
import io.millrace.engine.model.ErrorCode;
import io.millrace.engine.model.Guarantee;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.topology.InvocationTopology;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What has to be true before a trigger's application starts: the cluster can do exactly-once, the
 * topics exist, their limits are known, the changelog fits to the source and forgets nothing, and
 * every source partition has a committed offset.
 *
 * <p>Threading: any thread.
 */
final class TriggerStart {
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final String TRANSACTIONS = "transaction.version";
    private static final short TRANSACTIONS_NEEDED = 2;

    /** The role of the topic whose growth matters. */
    static final String SOURCE_ROLE = "source topic";

    private final Admin admin;
    private final EngineConfig engine;
    private final Answers answers;
    private final StartingOffsets offsets;

    TriggerStart(Admin admin, EngineConfig engine) {
        this.admin = admin;
        this.engine = engine;
        this.answers = new Answers(Cluster.of(engine), PATIENCE);
        this.offsets = new StartingOffsets(admin, answers);
    }

    /**
     * Checks, and writes the starting offsets where there are none.
     *
     * @throws MillraceException with what is missing or does not fit
     */
    Prepared prepare(Trigger trigger, String meteringTopic) {
        if (trigger.guarantee() == Guarantee.EXACTLY_ONCE) {
            requireTransactions();
        }
        Map<String, String> roles = roles(trigger, meteringTopic);
        String changelog = changelog(engine, trigger);
        String repeats = changelog(engine, trigger, InvocationTopology.REPEATS_STORE);
        Map<String, KafkaFuture<TopicDescription>> found =
                admin.describeTopics(
                                Stream.concat(
                                                roles.keySet().stream(),
                                                Stream.of(changelog, repeats))
                                        .toList())
                        .topicNameValues();
        var topics = new LinkedHashMap<String, TopicFacts>();
        roles.forEach((topic, role) -> topics.put(topic, describe(found, topic, role)));
        int partitions = facts(topics, trigger.sourceTopic()).partitions();
        Optional<TopicFacts> log = describeIfThere(found, changelog, "changelog");
        topics.put(changelog, log.orElseGet(() -> TopicFacts.expected("changelog")));
        log.ifPresent(facts -> requireFitting(changelog, facts, trigger.sourceTopic(), partitions));
        String group = StreamsSettings.applicationId(engine, trigger);
        offsets.ensure(trigger, group, partitions, log.map(TopicFacts::partitions), changelog);
        // Only now: what the changelog knows tells new partitions from those whose offset is gone.
        if (log.isPresent() && log.get().partitions() < partitions) {
            grow(changelog, partitions);
            topics.put(changelog, new TopicFacts("changelog", log.get().id(), partitions));
        }
        if (describeIfThere(found, repeats, "changelog")
                .filter(facts -> facts.partitions() < partitions)
                .isPresent()) {
            grow(repeats, partitions);
        }
        Map<ConfigResource, Config> settings = settings(topics);
        return new Prepared(
                limits(settings, trigger, meteringTopic),
                topics,
                partitions,
                parkingLimits(settings, trigger.sourceTopic(), changelog),
                "LogAppendTime"
                        .equals(
                                setting(
                                        settings,
                                        trigger.sourceTopic(),
                                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG)));
    }

    /** The topic that keeps a trigger's parked events. */
    static String changelog(EngineConfig engine, Trigger trigger) {
        return changelog(engine, trigger, InvocationTopology.PARKED_STORE);
    }

    private static String changelog(EngineConfig engine, Trigger trigger, String store) {
        return StreamsSettings.applicationId(engine, trigger) + "-" + store + "-changelog";
    }

    private static Map<String, String> roles(Trigger trigger, String meteringTopic) {
        var roles = new LinkedHashMap<String, String>();
        roles.put(trigger.sourceTopic(), SOURCE_ROLE);
        trigger.destinations().topics().forEach(t -> roles.putIfAbsent(t, "target topic"));
        roles.putIfAbsent(meteringTopic, "target topic");
        return roles;
    }

    /** Older transactions can put a late record of a fenced node into another's transaction. */
    private void requireTransactions() {
        FinalizedVersionRange range =
                answers.await(
                                admin.describeFeatures().featureMetadata(),
                                "cannot read the features")
                        .finalizedFeatures()
                        .get(TRANSACTIONS);
        int version = range == null ? 0 : range.maxVersionLevel();
        if (version < TRANSACTIONS_NEEDED) {
            throw new MillraceException(
                    ErrorCode.INVALID,
                    "exactly-once needs feature '"
                            + TRANSACTIONS
                            + "' at "
                            + TRANSACTIONS_NEEDED
                            + ", the cluster has "
                            + version
                            + "; raise it: kafka-features.sh upgrade --feature "
                            + TRANSACTIONS
                            + "="
                            + TRANSACTIONS_NEEDED);
        }
    }

    private static TopicFacts facts(Map<String, TopicFacts> topics, String topic) {
        return Optional.ofNullable(topics.get(topic)).orElseThrow();
    }

    private TopicFacts describe(
            Map<String, KafkaFuture<TopicDescription>> found, String topic, String role) {
        return describeIfThere(found, topic, role)
                .orElseThrow(() -> TopicWatch.missing(topic, role));
    }

    private Optional<TopicFacts> describeIfThere(
            Map<String, KafkaFuture<TopicDescription>> found, String topic, String role) {
        try {
            TopicDescription description =
                    answers.await(
                            Optional.ofNullable(found.get(topic)).orElseThrow(),
                            "cannot describe topic '" + topic + "'");
            return Optional.of(
                    new TopicFacts(role, description.topicId(), description.partitions().size()));
        } catch (MillraceException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A changelog that forgets would lose parked events, and not say so. */
    private void requireFitting(String changelog, TopicFacts facts, String source, int partitions) {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, changelog);
        Config settings =
                Optional.ofNullable(
                                answers.await(
                                                admin.describeConfigs(List.of(resource)).all(),
                                                "cannot read the settings of topic '"
                                                        + changelog
                                                        + "'")
                                        .get(resource))
                        .orElseThrow();
        String policy = settings.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        if (!TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy)) {
            throw new MillraceException(
                    ErrorCode.INVALID,
                    "changelog '"
                            + changelog
                            + "' has cleanup.policy '"
                            + policy
                            + "' and would forget parked events; set it to 'compact'");
        }
        if (facts.partitions() > partitions) {
            throw new MillraceException(
                    ErrorCode.INVALID,
                    "source topic '"
                            + source
                            + "' has "
                            + partitions
                            + " partitions but changelog '"
                            + changelog
                            + "' has "
                            + facts.partitions()
                            + ": the source topic was made anew with fewer; give it as many, or"
                            + " deploy a trigger with another id");
        }
    }

    /** Streams stops for good when a changelog has fewer partitions than the source. */
    private void grow(String changelog, int partitions) {
        Void _ =
                answers.await(
                        admin.createPartitions(
                                        Map.of(changelog, NewPartitions.increaseTo(partitions)))
                                .all(),
                        "cannot add partitions to '" + changelog + "'");
    }

    private Map<ConfigResource, Config> settings(Map<String, TopicFacts> topics) {
        List<ConfigResource> resources =
                topics.entrySet().stream()
                        .filter(topic -> !topic.getValue().isExpected())
                        .map(topic -> resource(topic.getKey()))
                        .toList();
        return answers.await(
                admin.describeConfigs(resources).all(), "cannot read the settings of the topics");
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static String setting(Map<ConfigResource, Config> settings, String topic, String name) {
        return Optional.ofNullable(settings.get(resource(topic))).orElseThrow().get(name).value();
    }

    private static int maxBytes(Map<ConfigResource, Config> settings, String topic) {
        return Integer.parseInt(setting(settings, topic, TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
    }

    private static Map<String, Integer> limits(
            Map<ConfigResource, Config> settings, Trigger trigger, String meteringTopic) {
        var limits = new HashMap<String, Integer>();
        trigger.destinations()
                .topics()
                .forEach(topic -> limits.put(topic, maxBytes(settings, topic)));
        limits.put(meteringTopic, maxBytes(settings, meteringTopic));
        return limits;
    }

    /** A changelog that exists was made for the limit its source topic had then. */
    private ParkingLimits parkingLimits(
            Map<ConfigResource, Config> settings, String source, String changelog) {
        int fits =
                settings.containsKey(resource(changelog))
                        ? maxBytes(settings, changelog) - InvocationTopology.PARKED_ENVELOPE
                        : Integer.MAX_VALUE;
        EngineLimits.Parking limits = engine.limits().parking();
        return new ParkingLimits(
                        limits.inlineDelay(),
                        limits.inlineTotal(),
                        limits.maxEvents(),
                        limits.maxBytes(),
                        Math.min(fits, maxBytes(settings, source)))
                .withRetention(
                        Duration.ofMillis(
                                Long.parseLong(
                                        setting(
                                                settings,
                                                source,
                                                TopicConfig.RETENTION_MS_CONFIG))))
                .withCopying(limits.copying());
    }
}
