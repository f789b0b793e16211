package io.millrace.connectors.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.contract.FakeWorker;

import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

@Timeout(60)
final class QueueTaskTest {
    private final FakeQueue queue = new FakeQueue();
    private final FakeWorker worker = new FakeWorker();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void shouldReturnNothingFromAnEmptyQueue() throws InterruptedException {
        assertThat(records(started(Map.of()))).isEmpty();
    }

    @Test
    void shouldAcknowledgeOnlyWhatIsCommitted() throws InterruptedException {
        int first = queue.send("a", "one");
        queue.send("b", "two");
        QueueTask<Integer> task = started(Map.of());
        List<SourceRecord> records = records(task);

        task.commitRecord(records.get(0));
        records(task);

        assertThat(records).hasSize(2);
        assertThat(queue.acknowledged()).containsExactly(first);
    }

    @Test
    void shouldDropARepeatAndAcknowledgeIt() throws InterruptedException {
        int first = queue.send("a", "one");
        QueueTask<Integer> crashed = started(Map.of());
        worker.deliver(records(crashed));

        QueueTask<Integer> task = started(Map.of());
        List<SourceRecord> again = records(task);

        assertThat(again).isEmpty();
        assertThat(queue.acknowledged()).containsExactly(first);
    }

    @Test
    void shouldAcknowledgeARepeatOfWhatIsUnderWayOnlyWithTheFirst() throws InterruptedException {
        int first = queue.send("a", "one");
        int second = queue.send("a", "one");
        QueueTask<Integer> task = started(Map.of());
        List<SourceRecord> records = records(task);
        List<Integer> before = List.copyOf(queue.acknowledged());

        task.commitRecord(records.get(0));
        records(task);

        assertThat(records).hasSize(1);
        assertThat(before).isEmpty();
        assertThat(queue.acknowledged()).containsExactly(first, second);
    }

    @Test
    void shouldNotTakeMoreThanMayBeInFlight() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            queue.send("m" + i, "body");
        }
        QueueTask<Integer> task = started(Map.of(QueueSettings.MAX_IN_FLIGHT, "4"));

        List<SourceRecord> first = records(task);
        List<SourceRecord> second = records(task);
        List<SourceRecord> third = records(task);
        first.forEach(task::commitRecord);
        List<SourceRecord> fourth = records(task);

        assertThat(first).hasSize(2);
        assertThat(second).hasSize(2);
        assertThat(third).isEmpty();
        assertThat(fourth).hasSize(2);
    }

    /**
     * As an exactly-once worker does: commitRecord comes with the next record that is not dropped.
     */
    @Test
    void shouldGoOnWhenATransformDropsEverything() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            queue.send("m" + i, "body");
        }
        QueueTask<Integer> task = started(Map.of(QueueSettings.MAX_IN_FLIGHT, "4"));

        int taken = 0;
        for (int i = 0; i < 20; i++) {
            taken += records(task).size();
            task.commit();
        }

        assertThat(taken).isEqualTo(20);
        assertThat(queue.acknowledged()).hasSizeGreaterThanOrEqualTo(16);
    }

    @Test
    void shouldMapTheMessage() throws InterruptedException {
        queue.send(Optional.of("a"), "one", Optional.of("group-1"), Optional.empty());

        SourceRecord record = records(started(Map.of())).get(0);

        Struct value = (Struct) record.value();
        assertThat(record.key()).isEqualTo("group-1");
        assertThat(record.topic()).isEqualTo("events");
        assertThat(value.getString("queue")).isEqualTo("orders");
        assertThat(value.getString("messageId")).isEqualTo("a");
        assertThat(text(value.get("body"))).isEqualTo("one");
        assertThat(value.getMap("attributes")).hasSize(2);
        assertThat(value.getMap("attributeTypes")).isEqualTo(Map.of("colour", "String"));
        assertThat(header(record, "colour")).isEqualTo("red");
        assertThat(header(record, "ce_type")).isEqualTo("io.millrace.queue.message");
        assertThat(header(record, "ce_source")).isEqualTo("fake://server/orders");
        assertThat(header(record, "ce_id")).hasSize(32);
        assertThat(record.headers().lastWithName("millrace-attempt")).isNull();
        assertThat(record.headers().allWithName("ce_id")).toIterable().hasSize(1);
    }

    @Test
    void shouldGiveTheSameIdWhenAMessageIsReadAgain() throws InterruptedException {
        queue.send("a", "one");

        String first = header(records(started(Map.of())).get(0), "ce_id");
        String second = header(records(started(Map.of())).get(0), "ce_id");

        assertThat(second).isEqualTo(first);
    }

    @Test
    void shouldLetMessagesWithoutIdThroughEachWithAnIdOfItsOwn() throws InterruptedException {
        queue.send(Optional.empty(), "same", Optional.empty(), Optional.empty());
        queue.send(Optional.empty(), "same", Optional.empty(), Optional.empty());

        List<SourceRecord> records = records(started(Map.of()));

        assertThat(records).hasSize(2);
        assertThat(header(records.get(0), "ce_id")).isNotEqualTo(header(records.get(1), "ce_id"));
        assertThat(worker.metric("messages-without-id-total")).isEqualTo(2);
    }

    @Test
    void shouldMakeADeadLetterOfWhatCannotBeAnEventAndGoOn() throws InterruptedException {
        queue.send(Optional.of("bad"), "junk", Optional.of("g"), Optional.of("is a map"));
        queue.send("good", "one");

        List<SourceRecord> records = records(started(Map.of("dead.letter.topic", "failed")));

        assertThat(records).extracting(SourceRecord::topic).containsExactly("failed", "events");
        assertThat(text(records.get(0).value())).isEqualTo("junk");
        assertThat(records.get(0).key()).isEqualTo("g");
        assertThat(header(records.get(0), "millrace-condition")).isEqualTo("UNMAPPABLE");
        assertThat(header(records.get(0), "millrace-error-message")).isEqualTo("is a map");
        assertThat(worker.metric("dead-letters-total")).isEqualTo(1);
    }

    @Test
    void shouldSplitADeadLetterThatIsTooLargeAndLoseNoByte() throws InterruptedException {
        String large = "0123456789".repeat(10_000);
        queue.send("large", large);
        QueueTask<Integer> task =
                started(
                        Map.of(
                                "dead.letter.topic",
                                "failed",
                                QueueSettings.MAX_RECORD_BYTES,
                                "50000"));

        List<SourceRecord> records = records(task);

        StringBuilder together = new StringBuilder();
        records.forEach(record -> together.append(text(record.value())));
        assertThat(together).hasToString(large);
        assertThat(records).hasSizeGreaterThan(1);
        assertThat(header(records.get(0), "millrace-part")).isEqualTo("1/" + records.size());
        assertThat(header(records.get(0), "millrace-condition")).isEqualTo("TOO_LARGE");
        worker.deliver(records.subList(0, records.size() - 1));
        assertThat(records(started(Map.of("dead.letter.topic", "failed")))).hasSize(1);
    }

    @Test
    void shouldFailWithWordsWithoutATopicForDeadLetters() {
        queue.send(Optional.of("bad"), "junk", Optional.empty(), Optional.of("It is a map"));

        QueueTask<Integer> task = started(Map.of());

        assertThatThrownBy(task::poll)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("Message 'bad' of queue 'orders'")
                .hasMessageContaining("It is a map")
                .hasMessageContaining("dead.letter.topic");
        assertThat(queue.acknowledged()).isEmpty();
    }

    @Test
    void shouldRideOverAnOutageAndTakeANewConnection() throws InterruptedException {
        queue.send("a", "one");
        QueueTask<Integer> task = started(Map.of());
        queue.fail(QueueException.passing("no answer", new IllegalStateException()));
        assertThat(records(task)).isEmpty();
        assertThat(records(task)).isEmpty();
        assertThat(worker.metric("outage")).isEqualTo(1);
        queue.heal();
        now = now.plusSeconds(60);

        List<SourceRecord> records = records(task);

        assertThat(records).hasSize(1);
        assertThat(queue.connections()).isEqualTo(1);
        assertThat(worker.metric("outage")).isZero();
    }

    @Test
    void shouldFailWhenThePersonMustActOrTheOutageIsTooLong() throws InterruptedException {
        QueueTask<Integer> refused = started(Map.of());
        queue.fail(QueueException.lasting("wrong password", "x.password", new Exception()));
        assertThatThrownBy(refused::poll).hasMessage("wrong password");

        QueueTask<Integer> waiting = started(Map.of(QueueSettings.OUTAGE_TIMEOUT, "1000"));
        queue.fail(QueueException.passing("no answer", new IllegalStateException()));
        records(waiting);
        now = now.plusSeconds(60);

        assertThatThrownBy(waiting::poll)
                .hasMessageContaining("no answer")
                .hasMessageContaining("queue.outage.timeout.ms");
    }

    @Test
    void shouldAcknowledgeTheRestWhenItStops() throws InterruptedException {
        int first = queue.send("a", "one");
        queue.send("b", "two");
        QueueTask<Integer> task = started(Map.of());
        List<SourceRecord> records = records(task);
        task.commitRecord(records.get(0));

        task.stop();

        assertThat(queue.acknowledged()).containsExactly(first);
    }

    private QueueTask<Integer> started(Map<String, String> config) {
        QueueTask<Integer> task = new QueueTask<>(() -> now);
        task.start(worker, FakeQueue.settings(config), List.of(queue));
        return task;
    }

    private static List<SourceRecord> records(QueueTask<Integer> task) throws InterruptedException {
        List<SourceRecord> records = task.poll();
        return records == null ? List.of() : records;
    }

    private static String header(SourceRecord record, String name) {
        return String.valueOf(record.headers().lastWithName(name).value());
    }

    private static String text(@Nullable Object bytes) {
        return StandardCharsets.UTF_8
                .decode(((ByteBuffer) Objects.requireNonNull(bytes)).duplicate())
                .toString();
    }
}
