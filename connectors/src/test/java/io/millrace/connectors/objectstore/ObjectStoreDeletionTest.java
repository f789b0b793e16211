package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.contract.FakeWorker;

import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Objects that are no longer there. */
@Timeout(60)
final class ObjectStoreDeletionTest {
    private static final Duration INTERVAL = Duration.ofMillis(10);

    private final FakeStore store = new FakeStore(2);
    private final FakeWorker worker = new FakeWorker();
    private final ManualClock clock = new ManualClock();
    private final Map<String, String> config =
            new HashMap<>(
                    Map.of(
                            "objectstore.bucket", "photos",
                            "objectstore.poll.interval.ms", "10",
                            "topic", "objects"));

    @Test
    void shouldTellOfADeletedObjectOnceAndAsCreatedWhenItComesBack() throws InterruptedException {
        putAll("a", "b");
        ObjectStoreSourceTask task = started();
        worker.deliver(listing(task));
        store.remove("a");
        List<SourceRecord> removed = listing(task);
        worker.deliver(removed);
        List<SourceRecord> quiet = listing(task);
        store.put("a");

        List<SourceRecord> back = listing(task);

        assertThat(texts(removed)).containsExactly("DELETED a");
        assertThat(quiet).isEmpty();
        assertThat(texts(back)).containsExactly("CREATED a");
        assertThat(store.checked()).containsExactly("a");
        assertThat(header(removed.get(0), "ce_type")).isEqualTo("io.millrace.object.deleted");
    }

    @Test
    void shouldTellOfAnObjectThatWasDeletedWhileNobodyLooked() throws InterruptedException {
        putAll("a", "b", "c");
        worker.deliver(listing(started()));
        store.remove("b");

        List<SourceRecord> afterRestart = listing(started());
        List<SourceRecord> notDelivered = listing(started());

        assertThat(texts(afterRestart)).containsExactly("DELETED b");
        assertThat(header(notDelivered.get(0), "ce_id"))
                .isEqualTo(header(afterRestart.get(0), "ce_id"));
    }

    @Test
    void shouldNotTakeAnObjectForDeletedThatAListingForgotToShow() throws InterruptedException {
        putAll("a", "b");
        ObjectStoreSourceTask task = started();
        worker.deliver(listing(task));
        store.hide("a");

        assertThat(listing(task)).isEmpty();
        assertThat(store.checked()).containsExactly("a");
    }

    @Test
    void shouldNotAskForObjectsWhenListingsAreTrusted() throws InterruptedException {
        config.put("objectstore.deleted.confirm", "false");
        putAll("a", "b");
        ObjectStoreSourceTask task = started();
        worker.deliver(listing(task));
        store.remove("a");

        assertThat(texts(listing(task))).containsExactly("DELETED a");
        assertThat(store.checked()).isEmpty();
    }

    @Test
    void shouldGoOnCheckingWhenTheStoreIsBack() throws InterruptedException {
        putAll("a", "b", "c");
        ObjectStoreSourceTask task = started();
        worker.deliver(listing(task));
        store.remove("a");
        store.failChecksWith(Optional.of(FakeStore.down()));
        List<SourceRecord> whileDown = listing(task);
        store.failChecksWith(Optional.empty());
        clock.advance(Duration.ofSeconds(1));

        List<SourceRecord> afterwards = nonNull(task.poll());

        assertThat(whileDown).isEmpty();
        assertThat(texts(afterwards)).containsExactly("DELETED a");
    }

    @Test
    void shouldTellOnlyOfTheWantedChanges() throws InterruptedException {
        config.put("objectstore.events", "deleted");
        putAll("a", "b");
        ObjectStoreSourceTask task = started();
        List<SourceRecord> created = listing(task);
        putAll("a");
        List<SourceRecord> overwritten = listing(task);
        store.remove("a");

        assertThat(created).isEmpty();
        assertThat(overwritten).isEmpty();
        assertThat(texts(listing(task))).containsExactly("DELETED a");
    }

    @Test
    void shouldSayNothingOfDeletedObjectsWhenTheyAreNotWanted() throws InterruptedException {
        config.put("objectstore.events", "created,overwritten");
        putAll("a", "b");
        ObjectStoreSourceTask task = started();
        worker.deliver(listing(task));
        store.remove("a");
        List<SourceRecord> removed = listing(task);
        putAll("a");

        assertThat(removed).isEmpty();
        assertThat(texts(listing(task))).containsExactly("CREATED a");
    }

    private ObjectStoreSourceTask started() {
        ObjectStoreSourceTask task =
                new ObjectStoreSourceTask(clock, parsed -> store, ChunkLimits.STANDARD);
        task.initialize(worker);
        task.start(config);
        return task;
    }

    /** Polls until one listing has come to its end. */
    private List<SourceRecord> listing(ObjectStoreSourceTask task) throws InterruptedException {
        clock.advance(INTERVAL);
        List<SourceRecord> records = new ArrayList<>();
        int asked;
        do {
            asked = store.asked().size();
            List<SourceRecord> polled = task.poll();
            records.addAll(polled == null ? List.of() : polled);
        } while (store.asked().size() > asked);
        return records;
    }

    private void putAll(String... keys) {
        List.of(keys).forEach(store::put);
    }

    private static List<SourceRecord> nonNull(@Nullable List<SourceRecord> records) {
        assertThat(records).isNotNull();
        return records == null ? List.of() : records;
    }

    private static List<String> texts(List<SourceRecord> records) {
        return records.stream()
                .map(record -> (Struct) record.value())
                .map(value -> value.getString("kind") + " " + value.getString("key"))
                .toList();
    }

    private static Object header(SourceRecord record, String name) {
        return record.headers().lastWithName(name).value();
    }
}
