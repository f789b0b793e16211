package io.millrace.engine.app;

import io.millrace.engine.config.EngineConfig;
import io.millrace.engine.model.Guarantee;
import io.millrace.engine.model.MillraceException;
import io.millrace.engine.model.Trigger;
import io.millrace.engine.offsets.CommitPolicy;
import io.millrace.engine.topology.ShareAssignor;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** The Kafka Streams settings of a trigger's application, each with its reason. */
final class StreamsSettings {

    /**
     * How much longer a transaction may be open than a session: a dead member can hold up a
     * rebalance for its session, and nothing is committed meanwhile. Its own open transaction hides
     * the results of whoever takes over until it is aborted, so not longer than that.
     */
    private static final int TRANSACTION_MARGIN_MS = 3_000;

    private StreamsSettings() {}

    /** The group id and application id of a trigger. */
    static String applicationId(EngineConfig engine, Trigger trigger) {
        return engine.topicPrefix() + trigger.id().value();
    }

    private static Path stateDirectory(EngineConfig engine) {
        return engine.stateDir().resolve("streams");
    }

    /**
     * Makes the folder of the state stores. It has to be there before the first application starts:
     * applications that start at the same time fail to make it for each other.
     *
     * @throws MillraceException when it cannot be made
     */
    static void createStateDirectory(EngineConfig engine) {
        Path folder = stateDirectory(engine);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw MillraceException.invalid(
                    "state.dir", folder.toString(), "a folder that can be written; found: " + e);
        }
    }

    static Properties of(EngineConfig engine, Trigger trigger, int maxRequestSize) {
        var settings = new Properties();
        settings.putAll(engine.kafka());
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId(engine, trigger));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, engine.bootstrapServers());
        settings.put(
                StreamsConfig.CLIENT_ID_CONFIG,
                applicationId(engine, trigger) + "-" + engine.nodeId());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory(engine).toString());
        settings.put(
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                switch (trigger.guarantee()) {
                    case EXACTLY_ONCE -> StreamsConfig.EXACTLY_ONCE_V2;
                    case AT_LEAST_ONCE -> StreamsConfig.AT_LEAST_ONCE;
                });
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, engine.replicationFactor());
        // Any other protocol goes past the client supplier, and with it past the marks.
        settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        settings.put(StreamsConfig.POLL_MS_CONFIG, 100);
        // A task must not wait for its other partitions: it has one.
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
        settings.put(StreamsConfig.TASK_ASSIGNOR_CLASS_CONFIG, ShareAssignor.class.getName());
        putConsumer(
                settings,
                ShareAssignor.PERMITS_CONFIG,
                Integer.toString(trigger.load().maxConcurrency()));
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 0);
        settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        settings.put(StreamsConfig.LOG_SUMMARY_INTERVAL_MS_CONFIG, -1L);
        consumer(settings, engine);
        producer(settings, engine, trigger.guarantee(), maxRequestSize);
        measured(settings, CommitPolicy.of(engine.kafka()), trigger.guarantee());
        return settings;
    }

    /** What policies need that are there for measurements only. */
    private static void measured(Properties settings, CommitPolicy policy, Guarantee guarantee) {
        if (policy != CommitPolicy.WATERMARK && guarantee != Guarantee.EXACTLY_ONCE) {
            throw MillraceException.invalid(
                    CommitPolicy.KEY, policy.text(), "watermark with at_least_once");
        }
        switch (policy) {
            case WATERMARK -> {}
            case BARRIER -> {
                // Rarely, since Streams itself does not wait for what is in flight.
                settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 20_000);
                putProducer(settings, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 25_000);
            }
            case PENDING_STORE ->
                    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 64L << 20);
        }
    }

    private static void consumer(Properties settings, EngineConfig engine) {
        // A static member that comes back within the session gets its partitions at once.
        putConsumer(settings, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, engine.nodeId());
        putConsumer(settings, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, session(engine));
        putConsumer(settings, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, session(engine) / 10);
        // Streams would read aborted records where it does not use transactions itself.
        putConsumer(settings, ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // A mark below the start of the log must not be skipped in silence.
        putConsumer(settings, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        putConsumer(settings, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000);
        putConsumer(settings, ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 * 1024 * 1024);
        // Stores that are restored after the first would wait for a fetch that finds nothing more.
        settings.put(
                StreamsConfig.restoreConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 20);
    }

    private static int session(EngineConfig engine) {
        return (int) engine.limits().supervision().signs().session().toMillis();
    }

    private static void putConsumer(Properties settings, String key, Object value) {
        settings.put(StreamsConfig.mainConsumerPrefix(key), value);
    }

    private static void producer(
            Properties settings, EngineConfig engine, Guarantee guarantee, int maxRequestSize) {
        // A commit flushes anyway; without one, a result should not wait.
        putProducer(
                settings,
                ProducerConfig.LINGER_MS_CONFIG,
                guarantee == Guarantee.EXACTLY_ONCE ? 5 : 0);
        putProducer(settings, ProducerConfig.BATCH_SIZE_CONFIG, 131_072);
        putProducer(settings, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxRequestSize);
        putProducer(
                settings,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                session(engine) + TRANSACTION_MARGIN_MS);
    }

    private static void putProducer(Properties settings, String key, Object value) {
        settings.put(StreamsConfig.producerPrefix(key), value);
    }
}
