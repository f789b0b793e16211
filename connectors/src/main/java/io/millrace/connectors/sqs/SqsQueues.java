package io.millrace.connectors.sqs;

import io.millrace.connectors.queue.QueueEndpoint;

import org.apache.kafka.common.config.ConfigException;

import java.time.InstantSource;
import java.util.Map;

/** Access to SQS queues for other sources whose events come through one. */
public final class SqsQueues {
    /** The key that names the queue. */
    public static final String QUEUES = SqsSourceConfig.QUEUES;

    private SqsQueues() {}

    /**
     * The one queue that the {@code sqs.} keys of a connector's configuration name.
     *
     * @throws ConfigException names the first fault of the configuration
     */
    public static QueueEndpoint<?> one(Map<String, String> properties, InstantSource clock) {
        SqsSourceConfig config = SqsSourceConfig.of(properties);
        if (config.queues().size() != 1) {
            throw new ConfigException(QUEUES, config.queues(), "allowed: one queue");
        }
        return new SqsQueue(config, config.queues().get(0), clock);
    }
}
