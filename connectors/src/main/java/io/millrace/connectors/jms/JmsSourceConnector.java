package io.millrace.connectors.jms;

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

import java.util.List;
import java.util.Map;

/**
 * Writes an event for each message of queues of an AMQP 1.0 server, read by Jakarta Messaging, and
 * acknowledges a message when its event is safe.
 *
 * <p>Each queue belongs to one task. Threading: the worker's.
 */
public final class JmsSourceConnector extends SourceConnector {
    private Map<String, String> properties = Map.of();

    @Override
    public String version() {
        return PluginVersion.get();
    }

    @Override
    public ConfigDef config() {
        return JmsSourceConfig.DEFINITION;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return JmsSourceTask.class;
    }

    @Override
    public void start(Map<String, String> connectorProperties) {
        properties = Map.copyOf(connectorProperties);
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return QueueConnectors.share(
                properties,
                JmsSourceConfig.QUEUES,
                JmsSourceConfig.of(properties).queues(),
                maxTasks);
    }

    @Override
    public void stop() {
        // Nothing runs in the connector; the tasks hold the connections.
    }

    /** Everything that is wrong, at once; a server that answers is asked for the queues, too. */
    @Override
    public Config validate(Map<String, String> connectorProperties) {
        Config checked = super.validate(connectorProperties);
        QueueValidation.both(
                checked,
                connectorProperties,
                List.of(JmsSourceConfig.USERNAME, JmsSourceConfig.PASSWORD));
        return new QueueValidation(
                        JmsSourceConfig.DEFINITION,
                        JmsSourceConfig.KEY_PREFIX,
                        JmsSourceConfig.QUEUES)
                .check(checked, connectorProperties, JmsSourceConnector::probe);
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
        JmsSourceConfig config = JmsSourceConfig.of(properties);
        config.queues().forEach(name -> new JmsQueue(config, name).probe());
    }
}
