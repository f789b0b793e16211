package io.millrace.connectors.sqs;

import io.millrace.connectors.PluginVersion;
import io.millrace.connectors.queue.QueueConnectors;
import io.millrace.connectors.queue.QueueValidation;
import io.millrace.connectors.queue.RepeatWindow;

import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Writes an event for each message of SQS queues, and deletes a message when its event is safe.
 *
 * <p>Each queue belongs to one task. Threading: the worker's.
 */
public final class SqsSourceConnector extends SourceConnector {
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(3);

    private Map<String, String> properties = Map.of();

    @Override
    public String version() {
        return PluginVersion.get();
    }

    @Override
    public ConfigDef config() {
        return SqsSourceConfig.DEFINITION;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return SqsSourceTask.class;
    }

    @Override
    public void start(Map<String, String> connectorProperties) {
        properties = Map.copyOf(connectorProperties);
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return QueueConnectors.share(
                properties,
                SqsSourceConfig.QUEUES,
                SqsSourceConfig.of(properties).queues(),
                maxTasks);
    }

    @Override
    public void stop() {
        // Nothing runs in the connector; the tasks hold the connections.
    }

    /** Everything that is wrong, at once; a service that answers is asked for the queues, too. */
    @Override
    public Config validate(Map<String, String> connectorProperties) {
        Config checked = super.validate(connectorProperties);
        QueueValidation.both(
                checked,
                connectorProperties,
                List.of(SqsSourceConfig.ACCESS_KEY, SqsSourceConfig.SECRET_KEY));
        return new QueueValidation(
                        SqsSourceConfig.DEFINITION,
                        SqsSourceConfig.KEY_PREFIX,
                        SqsSourceConfig.QUEUES)
                .check(checked, connectorProperties, SqsSourceConnector::probe);
    }

    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorProperties) {
        return ExactlyOnceSupport.SUPPORTED;
    }

    @Override
    public ConnectorTransactionBoundaries canDefineTransactionBoundaries(
            Map<String, String> connectorProperties) {
        return ConnectorTransactionBoundaries.UNSUPPORTED;
    }

    @Override
    public boolean alterOffsets(
            Map<String, String> connectorProperties, Map<Map<String, ?>, Map<String, ?>> offsets) {
        RepeatWindow.checkOffsets(offsets);
        return true;
    }

    private static void probe(Map<String, String> properties) {
        SqsSourceConfig config = SqsSourceConfig.of(properties);
        config.queues()
                .forEach(name ->
                        new SqsQueue(config, name, InstantSource.system()).probe(PROBE_TIMEOUT));
    }
}
