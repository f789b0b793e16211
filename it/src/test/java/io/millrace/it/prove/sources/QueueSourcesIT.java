package io.millrace.it.prove.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The queue connectors' tasks against real servers, with a worker that crashes: a first part of
 * what a poll returned survives, some of it is told to the task, and a new task goes on.
 */
@Tag("long")
@Timeout(600)
final class QueueSourcesIT {
    private static final int MESSAGES = 200;
    private static final int GROUPS = 5;
    private static final int CRASHES = 4;

    @TempDir private Path folder;

    private final Random random = new Random(7);
    private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    private final List<Change> written = new ArrayList<>();

    @Test
    void shouldReadAnSqsQueueExactlyOnceOverCrashesOfItsTask() throws InterruptedException {
        try (QueueServer server = ElasticMqServer.start(folder, "orders.fifo")) {
            exactlyOnce(server);
            assertThatThrownBy(() -> connected(server, Map.of("sqs.queues", "none")))
                    .hasMessageContaining("Queue 'none' does not exist");
        }
    }

    @Test
    void shouldReadAnAmqpQueueExactlyOnceOverCrashesOfItsTask() throws InterruptedException {
        try (QueueServer server = ArtemisQueueServer.start(folder)) {
            exactlyOnce(server);
        }
    }

    @Test
    void shouldReadAnMqttSessionExactlyOnceOverCrashesOfItsTask() throws InterruptedException {
        try (QueueServer server = MqttServer.start(folder)) {
            exactlyOnce(server);
        }
    }

    private void exactlyOnce(QueueServer server) throws InterruptedException {
        List<Change> sent = server.send(MESSAGES, GROUPS);
        for (int crash = 0; crash < CRASHES; crash++) {
            SourceTask task = connected(server, Map.of("queue.batch.max", "20"));
            work(task, MESSAGES * (crash + 1) / (CRASHES + 2));
            work(task, random.nextInt(10));
            task.stop();
            if (crash == 1 && server.keepsOrderOverRestarts()) {
                server.restart();
            }
        }
        SourceTask task = connected(server, Map.of());
        drain(task, server, sent.size());
        task.stop();
        assertThat(ExactlyOnceCheck.judge(sent, written)).allMatch(check -> check.passed());
    }

    /** Until there are so many; at the end only a first part of a poll survives. */
    private void work(SourceTask task, int until) throws InterruptedException {
        List<SourceRecord> last = List.of();
        while (written.size() < until) {
            List<SourceRecord> records = task.poll();
            if (records != null) {
                commit(task, records);
                last = records;
            }
        }
        if (!last.isEmpty()) {
            List<SourceRecord> records = task.poll();
            if (records != null) {
                // Stored, but the task does not hear of it.
                store(records.subList(0, random.nextInt(records.size() + 1)));
            }
        }
    }

    private void drain(SourceTask task, QueueServer server, int number) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    List<SourceRecord> records = task.poll();
                    if (records != null) {
                        commit(task, records);
                    }
                    return records == null && written.size() >= number && server.left() == 0;
                });
    }

    private void commit(SourceTask task, List<SourceRecord> records) throws InterruptedException {
        store(records);
        for (SourceRecord record : records) {
            task.commitRecord(record, null);
        }
    }

    private void store(List<SourceRecord> records) {
        for (SourceRecord record : records) {
            offsets.put(record.sourcePartition(), record.sourceOffset());
            String id = ((Struct) record.value()).getString("messageId");
            written.add(new Change(String.valueOf(record.key()), id));
        }
    }

    private SourceTask connected(QueueServer server, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(server.connector());
        config.put("topic", "events");
        config.putAll(more);
        try {
            SourceConnector connector =
                    Class.forName(config.get("connector.class"))
                            .asSubclass(SourceConnector.class)
                            .getDeclaredConstructor()
                            .newInstance();
            connector.validate(config).configValues().stream()
                    .flatMap(value -> value.errorMessages().stream())
                    .findFirst()
                    .ifPresent(error -> {
                        throw new IllegalArgumentException(error);
                    });
            SourceTask task =
                    (SourceTask) connector.taskClass().getDeclaredConstructor().newInstance();
            connector.start(config);
            task.initialize(new Worker(offsets));
            task.start(connector.taskConfigs(1).getFirst());
            return task;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The part of a worker that a task sees. */
    private record Worker(Map<Map<String, ?>, Map<String, ?>> stored)
            implements SourceTaskContext, OffsetStorageReader {
        @Override
        public Map<String, String> configs() {
            return Map.of();
        }

        @Override
        public OffsetStorageReader offsetStorageReader() {
            return this;
        }

        @Override
        public PluginMetrics pluginMetrics() {
            return (PluginMetrics)
                    Proxy.newProxyInstance(
                            PluginMetrics.class.getClassLoader(),
                            new Class<?>[] {PluginMetrics.class},
                            (proxy, method, arguments) -> null);
        }

        @Override
        public <T> Map<String, Object> offset(Map<String, T> partition) {
            return offsets(List.of(partition)).getOrDefault(partition, Map.of());
        }

        @Override
        public <T> Map<Map<String, T>, Map<String, Object>> offsets(
                Collection<Map<String, T>> partitions) {
            Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
            for (Map<String, T> partition : partitions) {
                Map<String, ?> offset = stored.get(partition);
                if (offset != null) {
                    found.put(partition, new HashMap<>(offset));
                }
            }
            return found;
        }
    }
}
