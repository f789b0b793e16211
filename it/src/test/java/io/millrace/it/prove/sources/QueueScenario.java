package io.millrace.it.prove.sources;

import static org.awaitility.Awaitility.await;

import io.millrace.it.prove.Check;

import org.apache.avro.generic.IndexedRecord;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A queue full of messages is emptied while the worker is killed and the server restarted.
 *
 * <p>Afterwards every message is one event, in order within its group if the queue has groups, and
 * the server has none left. Then as many again are read without faults, for the throughput.
 */
final class QueueScenario implements SourceScenario {
    private static final String CONNECTOR = "messages";
    private static final String TOPIC = "queue-events";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int GROUPS = 40;

    private final String name;
    private final Supplier<Optional<String>> obstacle;
    private final Function<SourceBed, QueueServer> servers;
    private final boolean isOrdered;

    /**
     * @param isOrdered whether the queue keeps order within a group
     */
    QueueScenario(
            String name,
            Supplier<Optional<String>> obstacle,
            Function<SourceBed, QueueServer> servers,
            boolean isOrdered) {
        this.name = name;
        this.obstacle = obstacle;
        this.servers = servers;
        this.isOrdered = isOrdered;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> obstacle() {
        return obstacle.get();
    }

    @Override
    public void run(SourceBed bed) throws InterruptedException, ExecutionException {
        QueueServer server = bed.closing(servers.apply(bed));
        bed.createTopic(TOPIC, 4, Map.of());
        bed.createTopic(TOPIC + "-failed", 1, Map.of());
        ConnectWorker worker = bed.startWorker("worker");
        List<Change> sent = server.send(bed.changes(), GROUPS);
        TopicReader reader = bed.reader(TOPIC);

        worker.rest().create(CONNECTOR, config(server));
        Kills kills = Kills.of(worker, reader::count, sent.size());
        if (server.keepsOrderOverRestarts()) {
            kills.andOnce(server::restart);
        } else {
            bed.note("the server was not restarted: it forgets the order within a group then");
        }
        bed.check(kills.run());
        drained(server, reader, sent.size());
        bed.checkAll(
                ExactlyOnceCheck.judge(sent, reader.toEnd(), record -> change(reader, record)));
        bed.check(Check.equal("messages left at the server", 0L, server.left()));
        bed.check(
                Check.equal(
                        "connector after the faults",
                        "RUNNING",
                        worker.rest().awaitRunning(CONNECTOR).connector()));
        throughput(bed, server, worker, reader);
    }

    private void throughput(
            SourceBed bed, QueueServer server, ConnectWorker worker, TopicReader reader) {
        worker.rest().pause(CONNECTOR);
        long before = reader.count();
        int more = server.send(bed.changes(), GROUPS).size();
        worker.rest().resume(CONNECTOR);
        await("first of the second load")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> reader.count() > before);
        long first = System.nanoTime();
        long counted = reader.count() - before;
        await("all of the second load")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> reader.count() >= before + more);
        double seconds = (System.nanoTime() - first) / 1e9;
        bed.figure("throughput", (more - counted) / seconds, "messages/s");
        bed.check(Check.equal("events of the second load", before + more, reader.count()));
    }

    private static void drained(QueueServer server, TopicReader reader, long number) {
        await("all events")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> reader.count() >= number);
        // Repeats that are still to come would be seen then.
        await("an empty queue")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> server.left() == 0);
    }

    private Change change(TopicReader reader, TopicRecord record) {
        IndexedRecord value = (IndexedRecord) reader.avro(record);
        String id = String.valueOf(value.get(value.getSchema().getField("messageId").pos()));
        return new Change(isOrdered ? record.key() : id, id);
    }

    private static Map<String, String> config(QueueServer server) {
        Map<String, String> config = new HashMap<>(server.connector());
        config.put("tasks.max", "1");
        config.put("exactly.once.support", "required");
        config.put("topic", TOPIC);
        config.put("dead.letter.topic", TOPIC + "-failed");
        return config;
    }
}
