package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.contract.FakeWorker;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Notifications on a topic. */
@Timeout(60)
final class ObjectNotificationTaskTest {
    private static final TopicPartition SOURCE = new TopicPartition("notifications", 0);

    private final FakeWorker worker = new FakeWorker();
    private final ManualClock clock = new ManualClock();
    private final List<String> messages = new ArrayList<>();
    private MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final Map<String, String> config =
            new HashMap<>(
                    Map.of(
                            "notification.transport", "kafka",
                            "notification.kafka.bootstrap.servers", "localhost:9092",
                            "notification.kafka.topic", "notifications",
                            "dead.letter.topic", "dead",
                            "topic", "objects"));

    @Test
    void shouldTellOfEachNotificationOfAMessage() throws InterruptedException {
        messages.add(message(notification("a", 1), notification("b", 1)));

        List<SourceRecord> records = poll(started());

        assertThat(texts(records)).containsExactly("CREATED a", "CREATED b");
        assertThat(records.get(1).key()).isEqualTo("photos/b");
        assertThat(records.get(1).sourceOffset()).isEqualTo(Map.of("offset", 0L, "index", 1L));
        assertThat(records.get(0).headers().lastWithName("ce_id").value())
                .isNotEqualTo(records.get(1).headers().lastWithName("ce_id").value());
    }

    @Test
    void shouldGoOnBehindTheStoredRecordOfAMessage() throws InterruptedException {
        messages.add(message(notification("a", 1)));
        messages.add(message(notification("b", 1), notification("c", 1), notification("d", 1)));
        worker.deliver(poll(started()).subList(0, 2));

        List<SourceRecord> afterRestart = poll(started());

        assertThat(texts(afterRestart)).containsExactly("CREATED c", "CREATED d");
    }

    @Test
    void shouldDropALateNotificationAfterARestartToo() throws InterruptedException {
        messages.add(message(notification("a", 5)));
        worker.deliver(poll(started()));
        messages.add(message(notification("a", 4)));
        messages.add(message(notification("a", 6)));

        List<SourceRecord> afterRestart = poll(started());

        assertThat(afterRestart).hasSize(1);
        assertThat(worker.metric("ignored")).isEqualTo(1L);
    }

    @Test
    void shouldSendWhatIsNoNotificationToTheDeadLettersAndGoOn() throws InterruptedException {
        messages.add("{\"what\":\"is this\"}");
        messages.add(message(notification("a", 1)));

        List<SourceRecord> records = poll(started());

        assertThat(records).hasSize(2);
        SourceRecord dead = records.get(0);
        assertThat(dead.topic()).isEqualTo("dead");
        assertThat((byte[]) dead.value())
                .isEqualTo(messages.get(0).getBytes(StandardCharsets.UTF_8));
        assertThat(dead.headers().lastWithName("millrace-condition").value())
                .isEqualTo("UNMAPPABLE");
        assertThat(String.valueOf(dead.headers().lastWithName("millrace-error-message").value()))
                .contains("no known form");
        worker.deliver(records);
        assertThat(poll(started())).isEmpty();
    }

    @Test
    void shouldFailInWordsWithoutATopicForDeadLetters() {
        config.remove("dead.letter.topic");
        messages.add("hello");
        ObjectNotificationSourceTask task = started();

        assertThatThrownBy(() -> poll(task))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("dead.letter.topic");
    }

    @Test
    void shouldTakeOnlyWhatIsWanted() throws InterruptedException {
        config.put("objectstore.suffixes", ".jpg");
        config.put("objectstore.buckets", "photos");
        messages.add(message(notification("a.txt", 1), notification("b.jpg", 1)));
        messages.add(message(notification("c.jpg", 1)).replace("photos", "others"));

        assertThat(texts(poll(started()))).containsExactly("CREATED b.jpg");
    }

    @Test
    void shouldFailInWordsWhenTheTopicMayNotBeRead() {
        ObjectNotificationSourceTask task = started();
        consumer.setPollException(new TopicAuthorizationException(Set.of("notifications")));

        assertThatThrownBy(() -> poll(task))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("'notifications' cannot be read");
    }

    @Test
    void shouldGoOnWithTheOldestMessageWhenThePositionIsGone() throws InterruptedException {
        worker.store(
                Map.of("topic", "notifications", "partition", "0"),
                Map.of("offset", 7L, "index", 0L));
        messages.add(message(notification("a", 1)));
        ObjectNotificationSourceTask task = started(20);

        List<SourceRecord> records = new ArrayList<>(poll(task));
        records.addAll(poll(task));

        assertThat(texts(records)).containsExactly("CREATED a");
    }

    private ObjectNotificationSourceTask started() {
        return started(0);
    }

    private ObjectNotificationSourceTask started(long firstOffset) {
        consumer = new MockConsumer<>("none");
        consumer.updatePartitions(
                "notifications", List.of(new PartitionInfo("notifications", 0, null, null, null)));
        consumer.updateBeginningOffsets(Map.of(SOURCE, firstOffset));
        consumer.updateEndOffsets(Map.of(SOURCE, firstOffset + messages.size()));
        consumer.schedulePollTask(() -> {
            for (int i = 0; i < messages.size(); i++) {
                if (firstOffset + i >= consumer.position(SOURCE)) {
                    consumer.addRecord(
                            new ConsumerRecord<>(
                                    "notifications",
                                    0,
                                    firstOffset + i,
                                    new byte[0],
                                    messages.get(i).getBytes(StandardCharsets.UTF_8)));
                }
            }
        });
        ObjectNotificationSourceTask task =
                new ObjectNotificationSourceTask(
                        clock,
                        (parsed, properties, context) ->
                                new KafkaNotifications(
                                        parsed, consumer, context.offsetStorageReader(), clock));
        task.initialize(worker);
        task.start(config);
        return task;
    }

    private static List<SourceRecord> poll(ObjectNotificationSourceTask task)
            throws InterruptedException {
        List<SourceRecord> records = task.poll();
        return records == null ? List.of() : records;
    }

    private static String notification(String key, int sequencer) {
        return String.format(
                "{\"eventSource\":\"aws:s3\",\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":"
                        + "{\"name\":\"photos\"},\"object\":{\"key\":\"%s\",\"size\":1,"
                        + "\"sequencer\":\"%016X\"}}}",
                key, sequencer);
    }

    private static String message(String... notifications) {
        return "{\"Records\":[" + String.join(",", notifications) + "]}";
    }

    private static List<String> texts(List<SourceRecord> records) {
        return records.stream()
                .map(record -> (Struct) record.value())
                .map(value -> value.getString("kind") + " " + value.getString("key"))
                .toList();
    }
}
