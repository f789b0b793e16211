package io.millrace.connectors.sqs;

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
public final class SqsSourceTask extends SourceTask {
    private final InstantSource clock = InstantSource.system();
    private final QueueTask<SqsReceipt> queues = new QueueTask<>(clock);

    @Override
    public String version() {
        return PluginVersion.get();
    }

    @Override
    public void start(Map<String, String> properties) {
        SqsSourceConfig config = SqsSourceConfig.of(properties);
        queues.start(
                context,
                config.common(),
                config.queues().stream().map(name -> new SqsQueue(config, name, clock)).toList());
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
