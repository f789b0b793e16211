package io.millrace.connectors.mqtt;

import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;

import io.millrace.connectors.PluginVersion;
import io.millrace.connectors.queue.QueueTask;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Reads its queues; see {@link QueueTask}. */
public final class MqttSourceTask extends SourceTask {
    private final QueueTask<Mqtt5Publish> queues = new QueueTask<>(InstantSource.system());

    @Override
    public String version() {
        return PluginVersion.get();
    }

    @Override
    public void start(Map<String, String> properties) {
        MqttSourceConfig config = MqttSourceConfig.of(properties);
        queues.start(context, config.common(), List.of(new MqttQueue(config)));
    }

    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        return queues.poll();
    }

    @Override
    public void commitRecord(SourceRecord record, @Nullable RecordMetadata metadata) {
        queues.commitRecord(record);
    }

    @Override
    public void commit() {
        queues.commit();
    }

    @Override
    public void stop() {
        queues.stop();
    }
}
