package io.millrace.connectors.mqtt;

import io.millrace.connectors.PluginVersion;
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
 * Writes an event for each message that an MQTT 5 server has for one session, and acknowledges a
 * message when its event is safe.
 *
 * <p>A session is one task. Threading: the worker's.
 */
public final class MqttSourceConnector extends SourceConnector {
    private Map<String, String> properties = Map.of();

    @Override
    public String version() {
        return PluginVersion.get();
    }

    @Override
    public ConfigDef config() {
        return MqttSourceConfig.DEFINITION;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return MqttSourceTask.class;
    }

    @Override
    public void start(Map<String, String> connectorProperties) {
        properties = Map.copyOf(connectorProperties);
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return List.of(properties);
    }

    @Override
    public void stop() {
        // Nothing runs in the connector; the tasks hold the connections.
    }

    /** Everything that is wrong, at once; a server that answers is tried, too. */
    @Override
    public Config validate(Map<String, String> connectorProperties) {
        Config checked = super.validate(connectorProperties);
        QueueValidation.both(
                checked,
                connectorProperties,
                List.of(MqttSourceConfig.USERNAME, MqttSourceConfig.PASSWORD));
        return new QueueValidation(
                        MqttSourceConfig.DEFINITION,
                        MqttSourceConfig.KEY_PREFIX,
                        MqttSourceConfig.TOPICS)
                .check(checked, connectorProperties, MqttSourceConnector::probe);
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
        new MqttQueue(MqttSourceConfig.of(properties)).probe();
    }
}
