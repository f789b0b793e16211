package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.connectors.contract.FakeWorker;

import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

@Timeout(60)
final class ObjectStoreSourceTaskTest {
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
    void shouldReturnNothingForAnEmptyBucket() throws InterruptedException {
        assertThat(listing(started())).isEmpty();
    }

    @Test
    void shouldTellOfEachObjectOnceOverAllPages() throws InterruptedException {
        putAll("a", "b", "c", "d", "e");
        ObjectStoreSourceTask task = started();

        List<SourceRecord> first = listing(task);
        worker.deliver(first);

        assertThat(texts(first))
                .containsExactly("CREATED a", "CREATED b", "CREATED c", "CREATED d", "CREATED e");
        assertThat(listing(task)).isEmpty();
    }

    @Test
    void shouldTellOfAnOverwrittenObjectAgain() throws InterruptedException {
        putAll("a", "b");
        ObjectStoreSourceTask task = started();
        worker.deliver(listing(task));

        store.put("a");

        assertThat(texts(listing(task))).containsExactly("OVERWRITTEN a");
    }

    @Test
    void shouldNotAskForOffsetsWhenNothingChanged() throws InterruptedException {
        putAll("a", "b", "c");
        ObjectStoreSourceTask task = started();
        worker.deliver(listing(task));
        listing(task);
        int before = worker.reads();

        listing(task);

        assertThat(worker.reads()).isEqualTo(before);
    }

    @Test
    void shouldNotRepeatAfterARestart() throws InterruptedException {
        putAll("a", "b", "c");
        worker.deliver(listing(started()));
        store.put("d");

        List<SourceRecord> afterRestart = listing(started());

        assertThat(texts(afterRestart)).containsExactly("CREATED d");
    }

    @Test
    void shouldRepeatAfterARestartWhatWasNotDelivered() throws InterruptedException {
        putAll("a", "b", "c");
        ObjectStoreSourceTask task = started();
        worker.deliver(nonNull(task.poll()));
        List<SourceRecord> lost = nonNull(task.poll());

        List<SourceRecord> afterRestart = listing(started());

        assertThat(texts(afterRestart)).isEqualTo(texts(lost)).containsExactly("CREATED c");
        assertThat(header(afterRestart.get(0), "ce_id")).isEqualTo(header(lost.get(0), "ce_id"));
    }

    @Test
    void shouldTellOnceThoughOffsetsAreStoredLater() throws InterruptedException {
        putAll("a", "b", "c");
        ObjectStoreSourceTask task = started();
        List<SourceRecord> told = listing(task);

        List<SourceRecord> beforeStored = listing(task);
        worker.deliver(told);
        List<SourceRecord> afterStored = listing(task);

        assertThat(beforeStored).isEmpty();
        assertThat(afterStored).isEmpty();
    }

    @Test
    void shouldTellOfAnOverwriteThoughTheFirstOffsetIsNotStoredYet() throws InterruptedException {
        putAll("a");
        ObjectStoreSourceTask task = started();
        listing(task);
        store.put("a");

        assertThat(texts(listing(task))).containsExactly("OVERWRITTEN a");
    }

    @Test
    void shouldFailInWordsRatherThanForgetAnObject() {
        config.put("objectstore.known.objects.max", "1");
        putAll("a", "b");
        ObjectStoreSourceTask task = started();

        assertThatThrownBy(task::poll)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("objectstore.known.objects.max");
    }

    @Test
    void shouldCountADroppedEventAsToldWhenTheNextOfItsChunkIsStored() throws InterruptedException {
        putAll("a");
        ObjectStoreSourceTask task = started();
        listing(task).forEach(record -> task.commitRecord(record, null));
        putAll("b");
        worker.deliver(listing(task));

        assertThat(listing(started())).isEmpty();
    }

    @Test
    void shouldTakeOnlyObjectsOfTheWantedSize() throws InterruptedException {
        config.put("objectstore.size.min", "2");
        config.put("objectstore.size.max", "3");
        putAll("one", "two", "three", "four");

        assertThat(texts(listing(started())))
                .containsExactlyInAnyOrder("CREATED two", "CREATED three");
    }

    @Test
    void shouldRefuseToGoOnOverOneOffsetPerObject() {
        worker.store(
                Map.of("bucket", "photos", "key", "a"),
                Map.of("eTag", "tag", "size", 1, "lastModified", 1L));
        putAll("a", "b");
        ObjectStoreSourceTask task = started();

        assertThatThrownBy(task::poll)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("one per object")
                .hasMessageContaining("offsets");
    }

    @Test
    void shouldRefuseAnOffsetThatItCannotRead() {
        worker.store(
                ChunkContent.partition("photos", "", 0), Map.of("format", 2, "objects", "future"));

        assertThatThrownBy(this::started)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("cannot be read");
    }

    @Test
    void shouldBeginAListingAnewWhosePlaceTheStoreForgot() throws InterruptedException {
        putAll("a", "b", "c");
        ObjectStoreSourceTask task = started();
        worker.deliver(nonNull(task.poll()));
        store.failWith(
                StoreException.lasting("No such place", "objectstore.endpoint", new Exception()));
        task.poll();

        List<SourceRecord> rest = listing(task);

        assertThat(texts(rest)).containsExactly("CREATED c");
    }

    @Test
    void shouldCountWhatItDoes() throws InterruptedException {
        putAll("a", "b", "c");
        ObjectStoreSourceTask task = started();
        worker.deliver(listing(task));
        store.remove("c");
        listing(task);

        assertThat(worker.metric("events-created")).isEqualTo(3L);
        assertThat(worker.metric("events-deleted")).isEqualTo(1L);
        assertThat(worker.metric("known-objects")).isEqualTo(2L);
        assertThat(worker.metric("listings")).isEqualTo(2L);
    }

    @Test
    void shouldGoOnWhereTheListingWasWhenTheStoreIsBack() throws InterruptedException {
        putAll("a", "b", "c");
        ObjectStoreSourceTask task = started();
        nonNull(task.poll());
        store.failWith(FakeStore.down());
        List<SourceRecord> whileDown = task.poll();
        clock.advance(Duration.ofSeconds(1));

        List<SourceRecord> afterwards = nonNull(task.poll());

        assertThat(whileDown).isNull();
        assertThat(texts(afterwards)).containsExactly("CREATED c");
        assertThat(store.asked())
                .containsExactly(Optional.empty(), Optional.of("b"), Optional.of("b"));
    }

    @Test
    void shouldNotAskAStoreThatIsDownBeforeThePauseIsOver() throws InterruptedException {
        ObjectStoreSourceTask task = started();
        store.failWith(FakeStore.down());
        task.poll();

        task.poll();

        assertThat(store.asked()).hasSize(1);
    }

    @Test
    void shouldFailInWordsWhenTheStoreRefuses() {
        ObjectStoreSourceTask task = started();
        store.failWith(
                StoreException.lasting(
                        "Bucket 'photos' is gone", "objectstore.bucket", new RuntimeException()));

        assertThatThrownBy(task::poll)
                .isInstanceOf(ConnectException.class)
                .hasMessage("Bucket 'photos' is gone");
    }

    @Test
    void shouldFailWhenTheOutageLastsTooLong() throws InterruptedException {
        config.put("objectstore.outage.timeout.ms", "60000");
        ObjectStoreSourceTask task = started();
        store.failWith(FakeStore.down());
        store.failWith(FakeStore.down());
        task.poll();
        clock.advance(Duration.ofMinutes(1));

        assertThatThrownBy(task::poll)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("objectstore.outage.timeout.ms");
    }

    @Test
    void shouldEndAWaitAtOnceWhenStopped() throws InterruptedException {
        config.put("objectstore.poll.interval.ms", "3600000");
        ObjectStoreSourceTask task = started();
        task.poll();
        Thread poller = new Thread(() -> pollQuietly(task));
        poller.start();
        await().until(() -> poller.getState() == Thread.State.TIMED_WAITING);

        task.stop();

        poller.join(500);
        assertThat(poller.isAlive()).isFalse();
        assertThat(task.poll()).isNull();
    }

    @Test
    void shouldComeBackFromAPollInBoundedTimeThoughTheNextListingIsFarAway()
            throws InterruptedException {
        config.put("objectstore.poll.interval.ms", "3600000");
        ObjectStoreSourceTask task = started();
        task.poll();
        long before = System.nanoTime();

        List<SourceRecord> records = task.poll();

        assertThat(records).isNull();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void shouldListAgainInTimeThoughTheClockWasSetBack() throws InterruptedException {
        ObjectStoreSourceTask task = started();
        listing(task);
        clock.advance(Duration.ofHours(-5));
        task.poll();
        store.put("a");
        clock.advance(INTERVAL);

        assertThat(texts(nonNull(task.poll()))).containsExactly("CREATED a");
    }

    @Test
    void shouldTakeOnlyTheWantedSuffixesAndNoDirectoryMarkers() throws InterruptedException {
        config.put("objectstore.suffixes", ".jpg,.png");
        putAll("a.jpg", "b.txt", "c.png", "d.jpg.tmp");
        store.putEmpty("dir.jpg/");

        assertThat(texts(listing(started()))).containsExactly("CREATED a.jpg", "CREATED c.png");
    }

    @Test
    void shouldTakeDirectoryMarkersWhenWantedAndEmptyObjectsAlways() throws InterruptedException {
        store.putEmpty("empty");
        store.putEmpty("dir/");
        List<String> without = texts(listing(started()));
        config.put("objectstore.directories", "true");

        List<String> with = texts(listing(started()));

        assertThat(without).containsExactly("CREATED empty");
        assertThat(with).containsExactly("CREATED dir/", "CREATED empty");
    }

    @Test
    void shouldStartNowWithoutTheObjectsThatWereThere() throws InterruptedException {
        config.put("objectstore.start", "now");
        putAll("old1", "old2");
        store.setTime(Instant.parse("2026-01-01T01:00:00.700Z"));
        ObjectStoreSourceTask task = started();
        List<SourceRecord> before = listing(task);
        putAll("new1", "old1");

        List<SourceRecord> after = listing(task);

        assertThat(before).isEmpty();
        assertThat(texts(after)).containsExactly("CREATED new1", "OVERWRITTEN old1");
    }

    @Test
    void shouldKeepTheLineOfNowOverARestartOnceAnEventWasDelivered() throws InterruptedException {
        config.put("objectstore.start", "now");
        putAll("old");
        store.setTime(Instant.parse("2026-01-01T01:00:00Z"));
        ObjectStoreSourceTask task = started();
        listing(task);
        putAll("carrier", "second");
        worker.deliver(listing(task));
        store.put("meanwhile");
        store.setTime(Instant.parse("2026-01-01T02:00:00Z"));

        ObjectStoreSourceTask restarted = started();
        List<SourceRecord> afterRestart = listing(restarted);
        worker.deliver(afterRestart);
        store.put("carrier");
        List<SourceRecord> overwritten = listing(restarted);
        worker.deliver(overwritten);

        assertThat(texts(afterRestart)).containsExactly("CREATED meanwhile");
        assertThat(texts(overwritten)).containsExactly("OVERWRITTEN carrier");
        assertThat(listing(started())).isEmpty();
    }

    @Test
    void shouldTakeObjectsSinceATime() throws InterruptedException {
        config.put("objectstore.start", "2026-01-01T00:30:00Z");
        store.put("before");
        store.setTime(Instant.parse("2026-01-01T00:30:00Z"));
        store.put("since");

        assertThat(texts(listing(started()))).containsExactly("CREATED since");
    }

    private ObjectStoreSourceTask started() {
        ObjectStoreSourceTask task =
                new ObjectStoreSourceTask(clock, parsed -> store, ChunkLimits.STANDARD);
        task.initialize(worker);
        task.start(config);
        return task;
    }

    private static void pollQuietly(ObjectStoreSourceTask task) {
        try {
            task.poll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
